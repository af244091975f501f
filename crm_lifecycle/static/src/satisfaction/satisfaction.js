import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

export const SATISFACTION = "lifecycle_satisfaction";

/**
 * Open the dialog that asks the customer; it closes the activity.
 *
 * @param {Component} component that shows the activity
 * @param {Function} onClose
 * @returns {Promise}
 */
export async function askSatisfaction(component, onClose) {
    const {orm, action} = component.env.services;
    const dialog = await orm.call("mail.activity", "action_ask_satisfaction", [
        [component.props.activity.id],
    ]);
    return action.doAction(dialog, {onClose});
}

patch(Activity.prototype, {
    async onClickMarkAsDone(ev) {
        if (this.props.activity.activity_category !== SATISFACTION) {
            return super.onClickMarkAsDone(ev);
        }
        const {thread} = this;
        return askSatisfaction(this, async () => {
            this.props.onActivityChanged(thread);
            await thread.fetchNewMessages();
        });
    },
});

patch(ActivityListPopoverItem.prototype, {
    onClickMarkAsDone() {
        if (this.props.activity.activity_category !== SATISFACTION) {
            return super.onClickMarkAsDone();
        }
        return askSatisfaction(this, () => this.props.onActivityChanged?.());
    },
});
