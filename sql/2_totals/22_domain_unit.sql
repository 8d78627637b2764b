-- One domain and unit sampled within a primary sampling unit, e.g. a class of a sampled school:
-- what the second stage adds to the variance is computed from it. Domains are as in
-- totals.domain_psu.
--
-- grain: wave, area_id, grade, gender, stratum, psu, unit
-- units: n_*: respondents; w_*: weights; wy_*: weights times 0 or 1, or times points
-- reads: totals.cell, ref.area_ancestor
-- drops: waves without a second stage; from domains of one, respondents without a grade or gender
select
    cell.wave,
    area_ancestor.ancestor_id as area_id,
    if(grouping(cell.cell_grade) = 1, 'all', cell.cell_grade) as grade,
    if(grouping(cell.cell_gender) = 1, 'all', cell.cell_gender) as gender,
    cell.stratum,
    cell.psu,
    cell.unit,
    sum(columns('^(?:n|w|wy)_.*$')) as '\0'
from totals.cell as cell
inner join ref.area_ancestor as area_ancestor
    on
        cell.wave = area_ancestor.wave
        and cell.area_id = area_ancestor.area_id
where cell.unit != ''
group by
    cell.wave, area_ancestor.ancestor_id, cell.stratum, cell.psu, cell.unit,
    cube (cell.cell_grade, cell.cell_gender)
having
    -- An unknown grade or gender is part of "all", not a domain of its own.
    (grouping(cell.cell_grade) = 1 or cell.cell_grade != '')
    and (grouping(cell.cell_gender) = 1 or cell.cell_gender != '')
