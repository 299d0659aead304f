-- Writes the row of a confirmed user, unless it is there, for PostConfirmation: (created), false if the row existed.
-- May run any number of times for one user, also at once.
-- :uuid uuid, key of the new user
-- :cognito_user_id text, the user's sub
-- :display_name text, 1 to 100 code points
-- :handle text, the wanted one, 1 to 64 code points
-- :handle_key text, the wanted handle folded; a suffix is its own folded form
-- :email text
with wanted as (
  insert into users (uuid, display_name, handle, handle_key, email, cognito_user_id)
  values (
    cast(:uuid as uuid),
    cast(:display_name as text),
    cast(:handle as text),
    cast(:handle_key as text),
    cast(:email as text),
    cast(:cognito_user_id as text)
  )
  on conflict do nothing
  returning uuid
),
-- Nothing was inserted: another user has the handle, or this user has a row. In the second case, this does nothing.
short_suffix as (
  insert into users (uuid, display_name, handle, handle_key, email, cognito_user_id)
  select
    cast(:uuid as uuid) as uuid,
    cast(:display_name as text) as display_name,
    cast(:handle as text) || '-' || left(md5(cast(:cognito_user_id as text)), 6) as handle,
    cast(:handle_key as text) || '-' || left(md5(cast(:cognito_user_id as text)), 6) as handle_key,
    cast(:email as text) as email,
    cast(:cognito_user_id as text) as cognito_user_id
  where not exists (select from wanted)
  on conflict do nothing
  returning uuid
),
-- That one is taken too. A third conflict over a handle is an error, so that no user stays without a row in silence.
long_suffix as (
  insert into users (uuid, display_name, handle, handle_key, email, cognito_user_id)
  select
    cast(:uuid as uuid) as uuid,
    cast(:display_name as text) as display_name,
    cast(:handle as text) || '-' || md5(cast(:cognito_user_id as text)) as handle,
    cast(:handle_key as text) || '-' || md5(cast(:cognito_user_id as text)) as handle_key,
    cast(:email as text) as email,
    cast(:cognito_user_id as text) as cognito_user_id
  where not exists (select from wanted)
    and not exists (select from short_suffix)
  on conflict (cognito_user_id) do nothing
  returning uuid
)
select
  exists (select from wanted)
  or exists (select from short_suffix)
  or exists (select from long_suffix) as created
