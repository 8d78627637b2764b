-- One domain: how many schools its respondents go to. Domains are areas of every level, each grade
-- and all, each gender and all.
--
-- grain: wave, area_id, grade, gender
-- units: n_schools: schools, null where no respondent's school is known
-- reads: scores.respondent_factor, staging.respondent_area, ref.wave, ref.area_ancestor
-- drops: respondents refused or set aside by a screen; those without a grade or gender from the
--     domains of one
select
    respondent_factor.wave,
    area_ancestor.ancestor_id as area_id,
    if(grouping(respondent_factor.grade) = 1, 'all', respondent_factor.grade) as grade,
    if(grouping(respondent_factor.gender) = 1, 'all', respondent_factor.gender) as gender,
    nullif(count(distinct respondent_factor.school_id), 0) as n_schools
from scores.respondent_factor as respondent_factor
inner join ref.wave as wave on respondent_factor.wave = wave.wave
left join staging.respondent_area as respondent_area
    on
        respondent_factor.wave = respondent_area.wave
        and respondent_factor.respondent_id = respondent_area.respondent_id
inner join ref.area_ancestor as area_ancestor
    on
        respondent_factor.wave = area_ancestor.wave
        and area_ancestor.area_id = coalesce(respondent_area.area_id, wave.root_area)
where respondent_factor.is_analysed
group by
    respondent_factor.wave, area_ancestor.ancestor_id,
    cube (respondent_factor.grade, respondent_factor.gender)
having
    (grouping(respondent_factor.grade) = 1 or respondent_factor.grade is not null)
    and (grouping(respondent_factor.gender) = 1 or respondent_factor.gender is not null)
