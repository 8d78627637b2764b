-- title: Shares
-- answers: Which share of those with a value has each outcome, by wave?
select
    measure.measure_id,
    measure.wave,
    count(measure.value) as n,
    sum(respondent.weight * measure.value)
    / nullif(sum(respondent.weight) filter (where measure.value is not null), 0) as share
from v_measure_long as measure
inner join respondent
    on measure.wave = respondent.wave and measure.respondent = respondent.respondent
where measure.statistic = 'outcome'
group by measure.measure_id, measure.wave
order by measure.measure_id, measure.wave
