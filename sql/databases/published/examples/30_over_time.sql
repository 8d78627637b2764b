-- title: One measure over the years
-- answers: How has each outcome of the whole site moved from survey to survey?
with whole as (
    select min(area_id) as area_id
    from area
    where parent_id is null
)

select
    estimate.measure_en,
    estimate.wave,
    estimate.status,
    estimate.percent,
    estimate.percent_lower,
    estimate.percent_upper
from v_estimate_long as estimate
inner join whole on estimate.area_id = whole.area_id
where estimate.grade = 'all' and estimate.gender = 'all' and estimate.kind = 'outcome'
order by estimate.measure_en, estimate.wave
