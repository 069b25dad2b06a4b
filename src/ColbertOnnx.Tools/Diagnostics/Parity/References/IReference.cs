namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>Reference vectors, whoever made them. They are read once, text by text; memory holds one of them.</summary>
internal interface IReference
{
    /// <summary>Its name for people: the file, or the other model.</summary>
    string Name { get; }

    /// <summary>What made it, in its own words; null where it does not say.</summary>
    string? MadeBy => null;

    /// <summary>True where it was made with INT8 weights.</summary>
    bool IsQuantized => false;

    /// <summary>What a user should know about what is left out, a sentence each.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Settings that it was made with, by the names of onnx_config.json; empty where it does not say.</summary>
    IReadOnlyDictionary<string, string> Settings => ReferenceSettings.None;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ReferenceInvalid"/>, with the place.</exception>
    IEnumerable<ReferenceText> Read();
}
