import {SettingsConfirmationDialog} from "@web/webclient/settings_form_view/settings_confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";

/**
 * The numbers of a company. People try figures here to see what they would change, so
 * nothing but an explicit Save writes them: whoever leaves is asked, as on the page of
 * the settings.
 */
export class LifecycleLimitsFormController extends formView.Controller {
    /** @override */
    setup() {
        super.setup();
        // A number still being typed has not reached the record
        this.isTyping = false;
        useBus(this.model.bus, "FIELD_IS_DIRTY", ({detail}) => {
            this.isTyping = detail;
        });
    }

    /** @override */
    async beforeLeave({forceLeave} = {}) {
        return forceLeave || this.mayLeave();
    }

    /**
     * Another tab of the browser is no reason to save.
     *
     * @override
     */
    beforeVisibilityChange() {}

    /**
     * The browser asks in its own words, and can do so only at once.
     *
     * @override
     */
    beforeUnload(ev) {
        if (this.isTyping || this.model.root.dirty) {
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }

    /** @override */
    async onPagerUpdate() {
        if (await this.mayLeave()) {
            await super.onPagerUpdate(...arguments);
        }
    }

    /** @override */
    async shouldExecuteAction() {
        return this.mayLeave();
    }

    /**
     * Ask what to do with unsaved numbers.
     *
     * @returns {Promise<Boolean>} whether the page may be left
     */
    async mayLeave() {
        if (!(await this.model.root.isDirty())) {
            return true;
        }
        return new Promise((resolve, reject) => {
            this.dialogService.add(SettingsConfirmationDialog, {
                body: _t("Would you like to save your changes?"),
                // The web client reloads the page once a company is saved, so that
                // there is nowhere to go on to: as in the settings
                confirm: () => this.save().then(() => resolve(false), reject),
                cancel: () => this.model.root.discard().then(() => resolve(true)),
                stayHere: () => resolve(false),
                // Closed without an answer: nothing was decided
                dismiss: () => resolve(false),
            });
        });
    }
}

registry.category("views").add("crm_lifecycle_limits_form", {
    ...formView,
    Controller: LifecycleLimitsFormController,
});
