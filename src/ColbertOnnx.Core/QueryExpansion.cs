namespace ColbertOnnx;

/// <summary>Whether a query is expanded to the query length with mask tokens, and whether the model attends to them.</summary>
public enum QueryExpansion
{
    /// <summary>A query has the tokens of its text.</summary>
    Off,

    /// <summary>Short queries are expanded with the mask token, which the other tokens do not attend to.</summary>
    On,

    /// <summary>The same, and the other tokens attend to it.</summary>
    Attend,
}
