-- title: All figures of one area
-- answers: Which shares does the latest survey show for the whole site, and how certain are they?
with whole as (
    select min(area_id) as area_id
    from area
    where parent_id is null
),

latest as (
    select max(wave) as wave
    from estimate
)

select
    estimate.measure_en,
    estimate.status,
    estimate.percent,
    estimate.percent_lower,
    estimate.percent_upper,
    estimate.is_unreliable
from v_estimate_long as estimate
inner join whole on estimate.area_id = whole.area_id
inner join latest on estimate.wave = latest.wave
where estimate.grade = 'all' and estimate.gender = 'all'
order by estimate.percent desc nulls last, estimate.measure_en asc
