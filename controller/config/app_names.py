"""What the app's tables and columns are called; part of `rollout/environments/NAME.yaml`.

The defaults are the names that Prisma gives them, so that most files need none of this.
"""

from pydantic import Field

from controller.config.fields import Column, FileModel, Given, Table


class MerchantTableKeys(FileModel):
    """The tables that the controller reads merchants from and writes their values to."""

    merchant: Table = Field("Merchant", description="The table of merchants.")
    merchant_id: Column = Field("id", description="Its key.")
    shop_domain: Column = Field("shopDomain", description="Its column with the shop's domain.")
    is_active: Column = Field("isActive", description="Its column that says whether it is in use.")
    merchant_created_at: Column = Field(
        "createdAt", description="When the merchant signed up, UTC."
    )
    merchant_config: Table = Field(
        "MerchantConfig", description="The table of per-merchant values."
    )
    config_id: Column = Field("id", description="Its key.")
    config_merchant_id: Column = Field(
        "merchantId", description="Its unique column with the merchant."
    )
    config_created_at: Column = Field("createdAt", description="When the row was made, UTC.")
    config_updated_at: Column = Field("updatedAt", description="When the row last changed, UTC.")

    @property
    def config_columns(self) -> frozenset[str]:
        """The columns of the table of values that no flag may live in."""
        return frozenset(
            {
                self.config_id,
                self.config_merchant_id,
                self.config_created_at,
                self.config_updated_at,
            }
        )


class RunTableKeys(FileModel):
    """The tables that say what happened to the merchants."""

    run: Table = Field("WorkflowExecution", description="One row a run of the workflow.")
    order: Table = Field("PurchaseOrder", description="The orders that runs make.")
    line_item: Table = Field("LineItem", description="The lines of those orders.")
    upload: Table = Field("Upload", description="The files that runs begin with.")
    supplier: Table = Field("Supplier", description="The suppliers that orders name.")


class RunColumnKeys(FileModel):
    """The columns of those tables."""

    run_id: Column = Field("id", alias="run.id", description="A run's key.")
    run_merchant: Column = Field("merchantId", alias="run.merchant", description="Whose run it is.")
    run_upload: Column = Field(
        "uploadId", alias="run.upload", description="The file it began with."
    )
    run_status: Column = Field("status", alias="run.status", description="How it stands.")
    run_stage: Column = Field("currentStage", alias="run.stage", description="The stage it is in.")
    run_error: Column = Field("errorMessage", alias="run.error", description="What went wrong.")
    run_created_at: Column = Field(
        "createdAt", alias="run.created_at", description="When it was asked for, UTC."
    )
    run_started_at: Column = Field(
        "startedAt", alias="run.started_at", description="When it began, UTC."
    )
    run_completed_at: Column = Field(
        "completedAt", alias="run.completed_at", description="When it ended, UTC."
    )
    order_id: Column = Field("id", alias="order.id", description="An order's key.")
    order_merchant: Column = Field(
        "merchantId", alias="order.merchant", description="Whose order it is."
    )
    order_run: Column = Field("workflowId", alias="order.run", description="The run that made it.")
    order_number: Column = Field(
        "poNumber", alias="order.number", description="The order's number."
    )
    order_status: Column = Field("status", alias="order.status", description="How it stands.")
    order_total: Column = Field("totalAmount", alias="order.total", description="Its total.")
    order_supplier: Column = Field(
        "supplierId", alias="order.supplier", description="Its supplier."
    )
    order_shopify_order: Column = Field(
        "shopifyOrderId", alias="order.shopify_order", description="The shop's order it became."
    )
    order_sync_status: Column = Field(
        "shopifySyncStatus",
        alias="order.sync_status",
        description="Whether it has reached the shop.",
    )
    order_synced_at: Column = Field(
        "shopifySyncedAt", alias="order.synced_at", description="When it reached the shop, UTC."
    )
    line_item_id: Column = Field("id", alias="line_item.id", description="A line's key.")
    line_item_order: Column = Field(
        "purchaseOrderId", alias="line_item.order", description="The order it belongs to."
    )
    line_item_amount: Given[Column] = Field(
        None,
        alias="line_item.amount",
        description="What a line costs in all; given it, lines must add up to the total.",
    )
    upload_id: Column = Field("id", alias="upload.id", description="A file's key.")
    upload_file_name: Column = Field("fileName", alias="upload.file_name", description="Its name.")
    upload_file_size: Column = Field("fileSize", alias="upload.file_size", description="Its bytes.")
    upload_file_type: Column = Field("fileType", alias="upload.file_type", description="Its type.")
    supplier_id: Column = Field("id", alias="supplier.id", description="A supplier's key.")
    supplier_name: Column = Field("name", alias="supplier.name", description="Its name.")
