"""The topics on which an answer may rest, and the fact that each carries."""

from enum import StrEnum


class Topic(StrEnum):
    """What an answer, or an officer's draft, must rest on; the words of the labelling page."""

    NDRS_APPLY = "ndrs-apply"
    NDRS_TOTAL_COST = "ndrs-total-cost"
    NDRS_COST_CHANGE = "ndrs-cost-change"
    NDRS_ODR_AGREEMENT = "ndrs-odr-agreement"
    NDRS_ODR_APPLICATION = "ndrs-odr-application"
    NDRS_LINKAGE = "ndrs-linkage"
    NCARDRS = "ncardrs"
    NDRS_ABOUT = "ndrs-about"
    COPI_EXIT = "copi-exit"
    CHARGES_GUIDANCE = "charges-guidance"
    PUBLISHED_DATA = "published-data"
    DATA_PRODUCTS = "data-products"
    WHO_CAN_APPLY = "who-can-apply"
    PROCESS_STAGES = "process-stages"
    CONTRACTS = "contracts"
    DATA_ACCESS = "data-access"
    AUDITS = "audits"
    USES_REGISTERS = "uses-registers"
    DATA_PROTECTION = "data-protection"
    CONTACT = "contact"
    OWN_RECORD = "own-record"

    @property
    def fact(self) -> str:
        """The fact that the topic carries, in one line."""
        return _FACTS[self]


_FACTS = {
    Topic.NDRS_APPLY: "New applications for NDRS data go to DARS since 20 June 2022.",
    Topic.NDRS_TOTAL_COST: "The 'Total Cost' shown on an NDRS application is an estimate, and "
    "incorrect while pricing is developed; a case officer gives the cost after submission.",
    Topic.NDRS_COST_CHANGE: "For a resubmission or an amendment costs may have changed; a case "
    "officer confirms them.",
    Topic.NDRS_ODR_AGREEMENT: "Holders of expired or expiring ODR agreements are contacted, since "
    "9 May 2022, to extend or to delete.",
    Topic.NDRS_ODR_APPLICATION: "Applications made to ODR have moved across and are worked in date "
    "order; no new one until contacted.",
    Topic.NDRS_LINKAGE: "For now NCRAS data only, without further linkage to other NHS data sets.",
    Topic.NCARDRS: "Congenital anomaly and rare disease data have a separate contact.",
    Topic.NDRS_ABOUT: "What NDRS holds, its move from Public Health England, its data controller.",
    Topic.COPI_EXIT: "The COPI notice expired on 30 June 2022; exit guidance is published.",
    Topic.CHARGES_GUIDANCE: "Charges cover managing the application, processing the data and "
    "providing access; charging guidelines are published.",
    Topic.PUBLISHED_DATA: "The need may be met by data that is already published.",
    Topic.DATA_PRODUCTS: "The range of data products and services.",
    Topic.WHO_CAN_APPLY: "The legal basis, the benefit to health and social care and the "
    "governance standards that are needed.",
    Topic.PROCESS_STAGES: "Enquiry, Application, Approval, Access, Audit, Deletion.",
    Topic.CONTRACTS: "The Data Sharing Framework Contract first, then a Data Sharing Agreement.",
    Topic.DATA_ACCESS: "Secure electronic file transfer, or the National Secure Data Environment.",
    Topic.AUDITS: "Data sharing audits check that obligations are met.",
    Topic.USES_REGISTERS: "The Data Uses Registers are published every month.",
    Topic.DATA_PROTECTION: "How data is protected in law and by policy.",
    Topic.CONTACT: "The team's telephone line and mailbox; customers also have a case officer.",
    Topic.OWN_RECORD: "A person's own health record is had elsewhere.",
}
