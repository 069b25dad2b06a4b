namespace ColbertOnnx;

/// <summary>Whether a query is filled up to the query length with mask tokens, and whether the model attends to them.</summary>
public enum QueryExpansion
{
    Off,
    On,
    Attend,
}
