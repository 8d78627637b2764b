-- One group of pupils: how many were enrolled, how many of them answered, and how many are
-- missing. Groups are schools, grades and genders, each one and all. More answers than pupils are
-- kept as they are: the share is then above 1 and n_missing below 0.
--
-- grain: wave, school_id, grade, gender
-- units: n_enrolled: pupils, null where not stated; n_enrolled_lowest, n_enrolled_highest: the
--     same where stated numbers do not add up; n_opened, n_valid, n_analysed: respondents;
--     share_valid: n_valid of n_enrolled; n_missing: pupils
-- reads: scores.respondent_factor, staging.enrolled_margin
-- drops: respondents without a school, grade or gender, except from "all"; groups the export
--     cannot tell apart
with answered as (
    select
        wave,
        if(grouping(school_id) = 1, 'all', school_id) as school_id,
        if(grouping(grade) = 1, 'all', grade) as grade,
        if(grouping(gender) = 1, 'all', gender) as gender,
        count(*) as n_opened,
        count(*) filter (where refused_reason is null) as n_valid,
        count(*) filter (where is_analysed) as n_analysed
    from scores.respondent_factor
    group by wave, cube (school_id, grade, gender)
    having
        (grouping(school_id) = 1 or school_id is not null)
        and (grouping(grade) = 1 or grade is not null)
        and (grouping(gender) = 1 or gender is not null)
),

-- In a wave whose export names no schools, no school has 0 answers: it is not known.
known as (
    select
        wave,
        count(school_id) > 0 as has_school,
        count(grade) > 0 as has_grade,
        count(gender) > 0 as has_gender
    from scores.respondent_factor
    group by wave
),

reached as (
    select
        coalesce(answered.wave, enrolled_margin.wave) as wave,
        coalesce(answered.school_id, enrolled_margin.school_id) as school_id,
        coalesce(answered.grade, enrolled_margin.grade) as grade,
        coalesce(answered.gender, enrolled_margin.gender) as gender,
        enrolled_margin.n_enrolled,
        enrolled_margin.n_enrolled_lowest,
        enrolled_margin.n_enrolled_highest,
        coalesce(answered.n_opened, 0) as n_opened,
        coalesce(answered.n_valid, 0) as n_valid,
        coalesce(answered.n_analysed, 0) as n_analysed
    from answered
    full join staging.enrolled_margin as enrolled_margin
        on
            answered.wave = enrolled_margin.wave
            and answered.school_id = enrolled_margin.school_id
            and answered.grade = enrolled_margin.grade
            and answered.gender = enrolled_margin.gender
)

select
    reached.wave,
    reached.school_id,
    reached.grade,
    reached.gender,
    reached.n_enrolled,
    reached.n_enrolled_lowest,
    reached.n_enrolled_highest,
    reached.n_opened,
    reached.n_valid,
    reached.n_analysed,
    reached.n_valid / nullif(reached.n_enrolled, 0) as share_valid,
    reached.n_enrolled - reached.n_valid as n_missing,
    coalesce(reached.n_valid > reached.n_enrolled, false) as is_above_enrolled
from reached
inner join known on reached.wave = known.wave
where
    (reached.school_id = 'all' or known.has_school)
    and (reached.grade = 'all' or known.has_grade)
    and (reached.gender = 'all' or known.has_gender)
