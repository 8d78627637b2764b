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
        measured
    from long
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
        else 'missing'
    end as status,
    named.measured as value
from named
inner join measure
    on named.wave = measure.wave and named.measure_id = measure.measure_id
