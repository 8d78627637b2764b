-- The coverage ladder of a wave, in all and by grade: from enrolled pupils to scored ones. Each
-- step counts those of the step before who also pass this one.
--
-- grain: wave, grade
-- units: n_*: pupils enrolled; then respondents
-- reads: scores.respondent_factor, staging.respondent_area, staging.enrolled_margin
-- drops: respondents without a grade, except from "all"
with answered as (
    select
        respondent_factor.wave,
        if(grouping(respondent_factor.grade) = 1, 'all', respondent_factor.grade) as grade,
        count(*) as n_opened,
        count(*) filter (where respondent_factor.refused_reason is null) as n_valid,
        count(*) filter (where respondent_factor.is_analysed) as n_passed_screens,
        count(*) filter (
            where respondent_factor.is_analysed and respondent_area.area_id is not null
        ) as n_placed,
        count(*) filter (
            where
            respondent_factor.is_analysed
            and respondent_area.area_id is not null
            and respondent_factor.is_scored
        ) as n_scored
    from scores.respondent_factor as respondent_factor
    left join staging.respondent_area as respondent_area
        on
            respondent_factor.wave = respondent_area.wave
            and respondent_factor.respondent_id = respondent_area.respondent_id
    group by
        grouping sets (
            (respondent_factor.wave), (respondent_factor.wave, respondent_factor.grade)
        )
    having grouping(respondent_factor.grade) = 1 or respondent_factor.grade is not null
)

select
    answered.wave,
    answered.grade,
    enrolled_margin.n_enrolled,
    answered.n_opened,
    answered.n_valid,
    answered.n_passed_screens,
    answered.n_placed,
    answered.n_scored
from answered
left join staging.enrolled_margin as enrolled_margin
    on
        answered.wave = enrolled_margin.wave
        and answered.grade = enrolled_margin.grade
        and enrolled_margin.school_id = 'all'
        and enrolled_margin.gender = 'all'
