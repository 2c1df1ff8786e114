"""Every action and callback id. An action id may carry an argument after a colon."""


class Act:
    """Ids of buttons, selects and other things that can be clicked, by subject."""

    # filled in by subject, e.g. PULSE_ANSWER = "pulse.answer" (sent as "pulse.answer:4")

    DRAFT_PREVIEW = "draft.preview"  # initiative, and so below
    DRAFT_EDIT = "draft.edit"
    DRAFT_DISCARD = "draft.discard"
    INITIATIVE_NEW = "initiative.new"
    INITIATIVE_END = "initiative.end"
    OWNER_SETTINGS = "owner.settings"
    OWNER_PAUSE = "owner.pause"
    OWNER_RESUME = "owner.resume"
    OWNER_PEOPLE = "owner.people"
    OWNER_OWNERS = "owner.owners"
    OWNER_LEAVE = "owner.leave"

    INPUT_TELL = "input.tell"  # initiative
    INPUT_USED = "input.used"  # input, and so below
    INPUT_PARTLY = "input.partly"
    INPUT_NOT_NOW = "input.not_now"
    INPUT_READ = "input.read"
    INPUT_WORDS = "input.words"  # input:outcome

    PROGRESS_NEW = "progress.new"  # initiative
    PROGRESS_EDIT = "progress.edit"  # progress post
    PROGRESS_NOTHING_NEW = "progress.nothing_new"  # initiative

    COMMITMENT_KEPT = "commitment.kept"  # commitment, and so below
    COMMITMENT_PARTLY = "commitment.partly"
    COMMITMENT_MOVED = "commitment.moved"
    COMMITMENT_NOT_KEPT = "commitment.not_kept"
    COMMITMENT_CHANGE = "commitment.change"

    STEP_PICK = "step.pick"  # :act; ask
    STEP_DATE = "step.date"  # :act:date; ask, and so below
    STEP_BACK = "step.back"
    STEP_OWN = "step.own"
    STEP_NOT_NOW = "step.not_now"
    STEP_PLAN = "step.plan"  # :ask where it stands in a check-in; commitment
    STEP_NEW = "step.new"  # stakeholder
    STEP_ACTS = "step.acts"  # initiative

    DIGEST_STATUS = "digest.status"  # initiative
    DIGEST_STEP = "digest.step"  # commitment
    GUESS_OPEN = "guess.open"  # initiative

    PAUSE_TALK = "pause.talk"  # step back, and so below
    PAUSE_OTHER = "pause.other"
    PAUSE_OFF = "pause.off"
    DATE_MOVE = "date.move"
    DATE_KEEP = "date.keep"
    LINE_WRITE = "line.write"  # initiative

    PULSE_ANSWER = "pulse.answer"  # :question:1…5 or a recorded choice; ask, and so below
    PULSE_CHANGE = "pulse.change"  # :question
    PULSE_MORE = "pulse.more"
    PULSE_LESS = "pulse.less"
    PULSE_OPEN = "pulse.open"
    PULSE_NOT_NOW = "pulse.not_now"  # :days
    PULSE_SKIP = "pulse.skip"
    PULSE_AFTER_ALL = "pulse.after_all"
    PULSE_NOT_MY_TOPIC = "pulse.not_my_topic"
    PULSE_WHY = "pulse.why"
    PULSE_STOP = "pulse.stop"
    PULSE_NOT_TODAY = "pulse.not_today"
    PULSE_ONE_MORE = "pulse.one_more"  # ask:initiative
    PULSE_ASK_NOW = "pulse.ask_now"  # initiative

    BARRIER_PICK = "barrier.pick"  # :ask; value: what gets in the way
    BARRIER_NAME = "barrier.name"  # ask, and so below
    BARRIER_WORDS = "barrier.words"
    BARRIER_ANSWER = "barrier.answer"  # initiative:what, and so below
    BARRIER_CLOSE = "barrier.close"
    BARRIER_SOLVED = "barrier.solved"  # give, and so below
    BARRIER_NOT_SOLVED = "barrier.not_solved"
    BARRIER_GONE = "barrier.gone"  # stakeholder, and so below
    BARRIER_SAY = "barrier.say"

    PEOPLE_STOP = "people.stop"
    PEOPLE_RESUME = "people.resume"
    PEOPLE_GROUP_ONLY = "people.group_only"
    PEOPLE_ME = "people.me"  # value: which page, from 0
    PLACE_GROUP_ONLY = "place.group_only"  # value: stakeholder id, and so below
    PLACE_NOT_MY_TOPIC = "place.not_my_topic"
    PLACE_RESUME = "place.resume"
    PLACE_FEWER = "place.fewer"
    PLACE_USUAL = "place.usual"
    PLACE_PAUSE = "place.pause"
    PLACE_STOP = "place.stop"
    PLACE_TALK = "place.talk"
    WHY = "why"  # kind of message:its subject
    HOME_ANSWER = "home.answer"
    SETTINGS_OPEN = "settings.open"
    TALK_HOURS = "talk_hours.open"
    FEED_FORGET = "feed.forget"
    MEETING_LINK = "meeting.link"  # :which; opens a page, so there is nothing to do

    STANDING_WRONG = "standing.wrong"  # stakeholder, and so below
    STANDING_NO_ESTIMATE = "standing.no_estimate"
    STANDING_ESTIMATE = "standing.estimate"

    TALK_ACCEPT = "talk.accept"  # :place; talk:seconds since 1970
    TALK_OTHER = "talk.other"  # talk, and so below
    TALK_BY_MESSAGE = "talk.by_message"
    TALK_NOT_NOW = "talk.not_now"
    TALK_NO = "talk.no"
    TALK_MOVE = "talk.move"
    TALK_CANCEL = "talk.cancel"
    TALK_MET = "talk.met"
    TALK_BOOKED = "talk.booked"
    TALK_COULD_NOT = "talk.could_not"
    TALK_DONT_WANT = "talk.dont_want"
    TALK_LEARNED = "talk.learned"
    TALK_CORRECT = "talk.correct"
    TALK_WITHDRAW = "talk.withdraw"
    TALK_MINE = "talk.mine"
    TALK_PLAN = "talk.plan"  # initiative
    TALK_CALL = "talk.call"  # initiative
    SESSION_PLAN = "session.plan"
    SESSION_YES = "session.yes"  # talk, and so below
    SESSION_NO = "session.no"
    SESSION_CANCEL = "session.cancel"
    TALK_OFFER = "talk.offer"  # stakeholder, and so below
    TALK_SPONSOR = "talk.sponsor"
    TALK_ASK = "talk.ask"
    TALK_HOST_YES = "talk.host_yes"  # talk, and so below
    TALK_HOST_NO = "talk.host_no"


class Form:
    """Ids of modals that can be submitted, by subject."""

    DRAFT_WHAT = "draft.what"  # draft and revision, empty for a new one
    DRAFT_WHO = "draft.who"  # draft and revision
    DRAFT_START = "draft.start"  # draft, revision and where the message about it stands
    INITIATIVE_NEW = "initiative.new"
    INITIATIVE_END = "initiative.end"  # initiative
    OWNER_SETTINGS = "owner.settings"  # initiative, and so below
    OWNER_PAUSE = "owner.pause"
    OWNER_PEOPLE = "owner.people"
    OWNER_OWNERS = "owner.owners"  # initiative:Slack ids of who led it when the form was opened

    INPUT_TELL = "input.tell"  # initiative
    INPUT_NOT_NOW = "input.not_now"  # input
    INPUT_WORDS = "input.words"  # input:outcome

    DATE_MOVE = "date.move"  # step back
    DATE_KEEP = "date.keep"  # step back
    LINE_WRITE = "line.write"  # initiative

    PROGRESS_WRITE = "progress.write"  # initiative
    PROGRESS_POST = "progress.post"  # progress post
    COMMITMENT_MOVED = "commitment.moved"  # commitment and where it was asked
    STEP_OWN = "step.own"  # stakeholder, check-in and where it stands
    STEP_PLAN = "step.plan"  # commitment and where it stands
    STEP_ACTS = "step.acts"  # initiative
    GUESS = "guess"  # initiative

    BARRIER_SAY = "barrier.say"  # stakeholder
    BARRIER_WORDS = "barrier.words"  # ask
    BARRIER_ANSWER = "barrier.answer"  # initiative:what, and so below
    BARRIER_CLOSE = "barrier.close"

    TALK_TIMES = "talk.times"  # where its offer stands
    TALK_MOVE = "talk.move"  # where it was clicked
    TALK_LEARNED = "talk.learned"  # talk
    TALK_CORRECT = "talk.correct"  # talk, and :alone if it is about one of many
    TALK_SPONSOR = "talk.sponsor"  # stakeholder
    SESSION_INVITE = "session.invite"  # initiative
    TALK_PLAN = "talk.plan"

    ME = "people.me"
    SETTINGS = "settings"
    SETTINGS_SAVED = "settings.saved"
    TALK_HOURS = "talk_hours"
    TALK_HOURS_SAVED = "talk_hours.saved"
    STANDING_WRONG = "standing.wrong"  # stakeholder
