-- One score, flag, outcome or count of flags a row, or why there is none.
with alike as (
    select
        wave,
        respondent,
        columns('^(score|is_flagged|outcome|reaches)_')::double
    from measured
),

long as (
    select
        wave,
        respondent,
        column_name,
        measured
    from alike
    unpivot include nulls (measured for column_name in (columns(* exclude (wave, respondent))))
),

named as (
    select
        wave,
        respondent,
        regexp_extract(column_name, '^(score|is_flagged|outcome|reaches)_', 1) as statistic,
        regexp_replace(column_name, '^(score|is_flagged|outcome|reaches)_', '') as measure_id,
        measured,
        column_name
    from long
),

not_given as (
    select distinct
        hidden.wave,
        hidden.respondent,
        tells.column_name
    from hidden
    inner join tells
        on hidden.wave = tells.wave and hidden.quasi_identifier = tells.quasi_identifier
)

select
    named.wave,
    named.respondent,
    named.measure_id,
    measure.kind,
    measure.label_sv,
    measure.label_en,
    named.statistic,
    case
        when named.measured is not null then 'measured'
        when measure.status <> 'asked' then measure.status
        when not_given.column_name is not null then 'not_shown'
        else 'missing'
    end as status,
    named.measured as value
from named
inner join measure
    on named.wave = measure.wave and named.measure_id = measure.measure_id
left join not_given
    on
        named.wave = not_given.wave
        and named.respondent = not_given.respondent
        and named.column_name = not_given.column_name
