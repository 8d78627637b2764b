-- title: A wide table for a spreadsheet
-- answers: Which shares are shown of each grade and gender of the whole site, one domain a row?
with whole as (
    select min(area_id) as area_id
    from area
    where parent_id is null
)

select columns('.*')
from v_estimate_wide
inner join whole using (area_id) -- noqa: ST07
order by v_estimate_wide.wave, v_estimate_wide.grade, v_estimate_wide.gender
