import {RelationalModel} from "@web/model/relational_model/relational_model";

/**
 * Dragging a card into another stage writes nothing: it opens the dialog of the decision
 * that leads there. Once decided, the board shows where the rules put the customer;
 * cancelled or refused, the card goes back.
 */
export class LifecycleBoardGroupList extends RelationalModel.DynamicGroupList {
    /** @override */
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        if (this.groupByField.name !== "stage_id" || dataGroupId === targetGroupId) {
            return super.moveRecord(...arguments);
        }
        const source = this.groups.find((group) => group.id === dataGroupId);
        const target = this.groups.find((group) => group.id === targetGroupId);
        const index = source.list.records.findIndex(({id}) => id === dataRecordId);
        const record = source.list.records[index];
        const place = target.list.records.findIndex(({id}) => id === refId) + 1;
        source._removeRecords([record.id]);
        target._addRecord(record, place);
        let isDone = false;
        try {
            isDone = await this.model.decide(record.resId, target.value);
        } finally {
            if (!isDone) {
                target._removeRecords([record.id]);
                source._addRecord(record, index);
            }
        }
        if (isDone) {
            await this.model.load();
        }
    }
}

export class LifecycleBoardModel extends RelationalModel {
    static DynamicGroupList = LifecycleBoardGroupList;

    /**
     * Ask the server for the dialog of a move, and wait until it is closed.
     *
     * @param {Number} resId
     * @param {Number} stageId
     * @returns {Promise<Boolean>} whether something was decided
     */
    async decide(resId, stageId) {
        const dialog = await this.orm.call(
            "crm.lifecycle.profile",
            "action_move_to_stage",
            [[resId], stageId],
            {context: this.root.context}
        );
        return new Promise((resolve, reject) => {
            const onClose = (infos) => resolve(Boolean(infos?.lifecycle_done));
            this.action.doAction(dialog, {onClose}).catch(reject);
        });
    }
}
