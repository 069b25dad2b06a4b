namespace ColbertOnnx.Modeling;

/// <summary>A checkpoint's modules.json: which modules stand behind the backbone, each with its own config.json.</summary>
internal sealed class ModuleList
{
    public const string FileName = "modules.json";

    private readonly string root;
    private readonly List<DenseModule> dense = [];
    private readonly List<string> order = [];

    private ModuleList(string root) => this.root = root;

    /// <summary>Full path of the folder that holds config.json, weights and tokenizer of the backbone.</summary>
    public string Backbone { get; private set; } = "";

    public IReadOnlyList<DenseModule> Dense => dense;

    /// <summary>What follows the backbone, by the last part of its class, in order.</summary>
    public IReadOnlyList<string> Order => order;

    public bool HasNormalize => order.Contains("Normalize");

    /// <summary>Settings of the MultiVectorMask; null without one.</summary>
    public SettingsFile? Mask { get; private set; }

    /// <summary>Settings of the HierarchicalTokenPooling; null without one.</summary>
    public SettingsFile? Pooling { get; private set; }

    /// <summary>Null when there is no modules.json.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>,
    /// <see cref="ColbertErrorId.ModelIncomplete"/>.</exception>
    public static ModuleList? Read(string root, CheckpointLayout layout)
    {
        if (SettingsFile.ReadList(root, FileName) is not { } entries) return null;
        var modules = new ModuleList(root);
        for (int i = 0; i < entries.Count; i++) modules.Add(entries[i], i, layout);
        if (entries.Count == 0 || modules.Backbone.Length == 0)
            throw new ColbertException(
                ColbertErrorId.ConfigurationInvalid, "modules.json names no Transformer.", Path.Combine(root, FileName),
                "Download the checkpoint again.");
        return modules;
    }

    private void Add(SettingsFile entry, int index, CheckpointLayout layout)
    {
        string type = entry.Text("type") ?? throw entry.Invalid("type", "is missing");
        string path = entry.Text("path") ?? "";
        if (path.Contains('\0')) throw entry.Invalid("path", "is not the name of a folder");
        string folder = Path.GetFullPath(Path.Combine(root, path));
        if (Path.IsPathRooted(path) || (folder != root && !folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            throw entry.Invalid("path", $"is '{path}', which leads out of the checkpoint");

        string name = type[(type.LastIndexOf('.') + 1)..];
        if (index == 0)
        {
            if (name != "Transformer") throw Unknown(entry, type, "only Transformer can come first");
            Backbone = folder;
            return;
        }

        switch (name, layout)
        {
            case ("Dense", _):
                dense.Add(ReadDense(entry, path, folder, layout, type));
                break;

            // Of PyLate's files these two are left out (docs/semantics.md, rule 12): every token keeps its vector, and vectors are
            // normalized in any case.
            case ("Pooling" or "Normalize", CheckpointLayout.PyLate):
                return;
            case ("Normalize", CheckpointLayout.MultiVectorEncoder):
                RequireTokens(ReadConfig(path) ?? entry, "sentence_embedding");
                break;
            case ("MultiVectorMask", CheckpointLayout.MultiVectorEncoder):
                Mask = Config(entry, path);
                break;
            case ("HierarchicalTokenPooling", CheckpointLayout.MultiVectorEncoder):
                Pooling = Config(entry, path);
                break;
            default:
                throw Unknown(entry, type, "only Dense, Pooling and Normalize are known here");
        }

        // Masks only choose token vectors, so they may stand anywhere in front of the pooling.
        if (order.Contains(name) && name != "Dense") throw Unknown(entry, type, "it is there twice");
        if (order.Contains("HierarchicalTokenPooling") || (name == "Dense" && HasNormalize))
            throw Unknown(entry, type, $"it cannot follow {order[^1]}");
        order.Add(name);
    }

    private DenseModule ReadDense(SettingsFile entry, string path, string folder, CheckpointLayout layout, string type)
    {
        SettingsFile config = Config(entry, path);
        if (layout == CheckpointLayout.MultiVectorEncoder) RequireTokens(config, "token_embeddings");

        // Silent configurations mean what their class means: sentence-transformers' own applies Tanh, PyLate's nothing.
        string silent = type.StartsWith("pylate.", StringComparison.Ordinal) ? DenseModule.Identity : "torch.nn.modules.activation.Tanh";
        return new DenseModule(folder, path, config.Text("activation_function") ?? silent)
        {
            InFeatures = config.Integer("in_features", 1) ?? throw config.Invalid("in_features", "is missing"),
            OutFeatures = config.Integer("out_features", 1) ?? throw config.Invalid("out_features", "is missing"),
            Bias = config.Boolean("bias") ?? true,
            UseResidual = config.Boolean("use_residual") ?? false,
        };
    }

    // A module may also work on the one vector of a whole text, which a ColBERT model has no use for.
    private static void RequireTokens(SettingsFile config, string silent)
    {
        foreach (string field in new[] { "module_input_name", "module_output_name" })
        {
            string value = config.Text(field) ?? (field == "module_input_name" ? silent : "token_embeddings");
            if (value != "token_embeddings") throw config.Invalid(field, $"is '{value}', and only token_embeddings is supported");
        }
    }

    private SettingsFile? ReadConfig(string path) => SettingsFile.Read(root, path.Length == 0 ? "config.json" : $"{path}/config.json");

    private SettingsFile Config(SettingsFile entry, string path) =>
        ReadConfig(path) ?? throw entry.Invalid("path", $"is '{path}', and there is no config.json");

    private static ColbertException Unknown(SettingsFile entry, string type, string why) => entry.Invalid("type", $"is '{type}': {why}");
}
