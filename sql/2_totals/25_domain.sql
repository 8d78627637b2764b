-- One domain: how many respondents it holds, whatever they answered. Domains are areas of every
-- level, each grade and all, each gender and all.
--
-- grain: wave, area_id, grade, gender
-- units: n_respondents: respondents
-- reads: totals.cell, ref.area_ancestor
-- drops: none from "all"; respondents without a grade or gender from the domains of one
select
    cell.wave,
    area_ancestor.ancestor_id as area_id,
    if(grouping(cell.cell_grade) = 1, 'all', cell.cell_grade) as grade,
    if(grouping(cell.cell_gender) = 1, 'all', cell.cell_gender) as gender,
    sum(cell.n_respondents)::bigint as n_respondents
from totals.cell as cell
inner join ref.area_ancestor as area_ancestor
    on
        cell.wave = area_ancestor.wave
        and cell.area_id = area_ancestor.area_id
group by
    cell.wave, area_ancestor.ancestor_id,
    cube (cell.cell_grade, cell.cell_gender)
having
    -- An unknown grade or gender is part of "all", not a domain of its own.
    (grouping(cell.cell_grade) = 1 or cell.cell_grade != '')
    and (grouping(cell.cell_gender) = 1 or cell.cell_gender != '')
