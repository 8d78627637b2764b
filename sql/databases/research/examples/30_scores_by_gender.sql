-- title: Scores by gender
-- answers: How do mean scores differ between genders in the latest wave?
with latest as (
    select max(wave) as wave
    from respondent
)

select
    measure.measure_id,
    respondent.gender,
    count(measure.value) as n,
    avg(measure.value) as mean_score
from v_measure_long as measure
inner join latest on measure.wave = latest.wave
inner join respondent
    on measure.wave = respondent.wave and measure.respondent = respondent.respondent
where measure.statistic = 'score'
group by measure.measure_id, respondent.gender
order by measure.measure_id, respondent.gender
