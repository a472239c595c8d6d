-- The app's tables as its Prisma migrations leave them, before the feature came: no "MerchantConfig" yet.
-- Prisma fills ids and "updatedAt" on the client, so they have no defaults here.

CREATE TABLE "Merchant" (
    "id" TEXT NOT NULL,
    "shopDomain" TEXT NOT NULL,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Merchant_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "Merchant_shopDomain_key" ON "Merchant"("shopDomain");

CREATE TABLE "Supplier" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    CONSTRAINT "Supplier_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Upload" (
    "id" TEXT NOT NULL,
    "merchantId" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "fileSize" INTEGER NOT NULL,
    "fileType" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Upload_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "Upload_merchantId_fkey" FOREIGN KEY ("merchantId")
        REFERENCES "Merchant"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "Upload_merchantId_idx" ON "Upload"("merchantId");

CREATE TABLE "WorkflowExecution" (
    "id" TEXT NOT NULL,
    "merchantId" TEXT NOT NULL,
    "uploadId" TEXT,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "currentStage" TEXT,
    "errorMessage" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "completedAt" TIMESTAMP(3),
    CONSTRAINT "WorkflowExecution_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "WorkflowExecution_merchantId_fkey" FOREIGN KEY ("merchantId")
        REFERENCES "Merchant"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "WorkflowExecution_uploadId_fkey" FOREIGN KEY ("uploadId")
        REFERENCES "Upload"("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX "WorkflowExecution_merchantId_createdAt_idx" ON "WorkflowExecution"("merchantId", "createdAt");

CREATE TABLE "PurchaseOrder" (
    "id" TEXT NOT NULL,
    "merchantId" TEXT NOT NULL,
    "workflowId" TEXT,
    "poNumber" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "totalAmount" DECIMAL(12,2) NOT NULL DEFAULT 0,
    "supplierId" TEXT,
    "shopifyOrderId" TEXT,
    "shopifySyncStatus" TEXT,
    "shopifySyncedAt" TIMESTAMP(3),
    CONSTRAINT "PurchaseOrder_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "PurchaseOrder_merchantId_fkey" FOREIGN KEY ("merchantId")
        REFERENCES "Merchant"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "PurchaseOrder_workflowId_fkey" FOREIGN KEY ("workflowId")
        REFERENCES "WorkflowExecution"("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "PurchaseOrder_supplierId_fkey" FOREIGN KEY ("supplierId")
        REFERENCES "Supplier"("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX "PurchaseOrder_merchantId_idx" ON "PurchaseOrder"("merchantId");
CREATE INDEX "PurchaseOrder_workflowId_idx" ON "PurchaseOrder"("workflowId");

CREATE TABLE "LineItem" (
    "id" TEXT NOT NULL,
    "purchaseOrderId" TEXT NOT NULL,
    "sku" TEXT,
    "productName" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL DEFAULT 1,
    "unitCost" DECIMAL(12,2) NOT NULL DEFAULT 0,
    "totalCost" DECIMAL(12,2) NOT NULL DEFAULT 0,
    CONSTRAINT "LineItem_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "LineItem_purchaseOrderId_fkey" FOREIGN KEY ("purchaseOrderId")
        REFERENCES "PurchaseOrder"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "LineItem_purchaseOrderId_idx" ON "LineItem"("purchaseOrderId");
