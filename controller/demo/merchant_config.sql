-- "MerchantConfig" as Prisma's own migration makes it: the uniqueness of "merchantId" is an index, not a
-- constraint, and neither "id" nor "updatedAt" has a default.

CREATE TABLE "MerchantConfig" (
    "id" TEXT NOT NULL,
    "merchantId" TEXT NOT NULL,
    "enableSequentialWorkflow" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    CONSTRAINT "MerchantConfig_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "MerchantConfig_merchantId_key" ON "MerchantConfig"("merchantId");
ALTER TABLE "MerchantConfig" ADD CONSTRAINT "MerchantConfig_merchantId_fkey" FOREIGN KEY ("merchantId")
    REFERENCES "Merchant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
