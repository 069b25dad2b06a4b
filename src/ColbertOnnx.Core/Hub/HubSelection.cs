using System.Text.Json;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Hub;

/// <summary>
/// Which files of a repository are needed, and no more. A pure function of the names and of the few JSON files that name others
/// (modules.json, the index of sharded weights): what it has not seen yet stands in <see cref="Unread"/>, and it is asked again with it.
/// </summary>
/// <param name="Files">What is needed, as far as it is known.</param>
/// <param name="Unread">Those of <paramref name="Files"/> whose content decides what else is; empty: the list is complete.</param>
internal sealed record HubSelection(IReadOnlyList<string> Files, IReadOnlyList<string> Unread)
{
    public const string Modules = "modules.json";
    public const string Weights = "model.safetensors";
    public const string WeightsIndex = "model.safetensors.index.json";

    private const string Tokenizer = "tokenizer.json";
    private const string GraphSettings = "onnx_config.json";
    private const string Settings = "config_sentence_transformers.json";
    private const string StanfordSettings = "artifact.metadata";

    private static readonly string[] Graphs = ["model.onnx", "model_int8.onnx"];
    private static readonly string[] GraphCompanions =
        [GraphSettings, Settings, "sentence_bert_config.json", Tokenizer, "tokenizer_config.json", "special_tokens_map.json"];

    private static readonly string[] CheckpointCompanions =
    [
        "config.json", Settings, "sentence_bert_config.json", StanfordSettings,
        Tokenizer, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    ];

    /// <param name="request">What is wanted; its name stands in errors.</param>
    /// <param name="names">All files of the revision.</param>
    /// <param name="contents">Those of the JSON files that are at hand.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelIncomplete"/>: the weights are not there, or not as safetensors;
    /// <see cref="ColbertErrorId.ArchitectureUnsupported"/>: they are an adapter's;
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>: one of the JSON files does not hold what it should.
    /// </exception>
    public static HubSelection Of(HubRequest request, IReadOnlySet<string> names, IReadOnlyDictionary<string, byte[]> contents)
    {
        if (request.Content == HubContent.Model && GraphFolder(names) is { } folder)
            return new(GraphFiles(folder, request.Quantized, names), []);
        return new Checkpoint(request, names, contents).Select();
    }

    /// <summary>
    /// Whether the files of a folder, whose repository's list is not known, are certain to be a whole model: a program that needed less may
    /// have left a part of one there, and a checkpoint without its projection is another model.
    /// </summary>
    public bool IsCertain =>
        Has(Graphs)
            ? Has(GraphSettings, Settings) && Has(Tokenizer)
            : Has(Tokenizer) && ((Has(Modules) && Has(Settings)) || Has(StanfordSettings));

    private bool Has(params string[] any) => Files.Any(file => any.Contains(file[(file.LastIndexOf('/') + 1)..]));

    // Other programs put graphs into onnx/ too, without the projection: there only our settings' file tells.
    private static string? GraphFolder(IReadOnlySet<string> names)
    {
        if (IsGraph("") && (names.Contains(GraphSettings) || names.Contains(Settings))) return "";
        return IsGraph("onnx/") && names.Contains("onnx/" + GraphSettings) ? "onnx/" : null;

        bool IsGraph(string folder) => names.Contains(folder + Tokenizer) && Graphs.Any(graph => names.Contains(folder + graph));
    }

    private static List<string> GraphFiles(string folder, bool? quantized, IReadOnlySet<string> names)
    {
        string[] wanted = quantized == true ? [Graphs[1], Graphs[0]] : Graphs;
        string graph = folder + wanted.First(name => names.Contains(folder + name));
        return
        [
            graph,
            .. names.Where(name =>
                name.StartsWith(graph + ".data", StringComparison.Ordinal) || name.StartsWith(graph + "_data", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            .. GraphCompanions.Select(name => folder + name).Where(names.Contains),
        ];
    }

    private sealed class Checkpoint(HubRequest request, IReadOnlySet<string> names, IReadOnlyDictionary<string, byte[]> contents)
    {
        private readonly List<string> files = [];
        private readonly List<string> unread = [];

        public HubSelection Select()
        {
            IReadOnlyList<(string Folder, bool NeedsWeights)>? modules = ReadModules();
            if (modules is null)
            {
                AddFolder("", needsWeights: false);
                return new(files, unread);
            }

            if (!modules.Any(module => module.Folder.Length == 0)) AddFolder("", needsWeights: false);
            foreach (var (folder, needsWeights) in modules) AddFolder(folder, needsWeights);
            return new([.. files.Distinct()], unread);
        }

        // Null: it is there, and was not read.
        private List<(string Folder, bool NeedsWeights)>? ReadModules()
        {
            if (!names.Contains(Modules)) return [("", true)];
            files.Add(Modules);
            if (!contents.TryGetValue(Modules, out byte[]? json))
            {
                unread.Add(Modules);
                return null;
            }

            return HubJson.Read(Modules, json, root =>
            {
                var modules = new List<(string, bool)>();
                foreach (JsonElement module in root.EnumerateArray())
                {
                    string path = HubJson.Text(module.GetProperty("path")).TrimEnd('/');
                    string type = HubJson.Text(module.GetProperty("type"));
                    bool needsWeights =
                        type.EndsWith(".Transformer", StringComparison.Ordinal) || type.EndsWith(".Dense", StringComparison.Ordinal);
                    modules.Add((path.Length == 0 ? "" : path + "/", needsWeights));
                }

                return modules;
            });
        }

        private void AddFolder(string folder, bool needsWeights)
        {
            if (names.Contains(folder + ForeignWeights.Adapter))
                throw ForeignWeights.HasAdapter(
                    $"'{request.Repository}'", folder + ForeignWeights.Adapter, folder + ForeignWeights.Adapter);
            files.AddRange(CheckpointCompanions.Select(name => folder + name).Where(names.Contains));
            if (needsWeights && !names.Contains(folder + "config.json")) throw Lacks(folder + "config.json");
            string weights = folder + Weights;
            string index = folder + WeightsIndex;
            if (names.Contains(weights)) files.Add(weights);
            else if (names.Contains(index)) AddShards(folder, index);
            else if (names.FirstOrDefault(name => IsPickle(folder, name)) is { } pickle) throw Pickle(pickle);
            else if (needsWeights) throw Lacks(weights);
        }

        private void AddShards(string folder, string index)
        {
            files.Add(index);
            if (!contents.TryGetValue(index, out byte[]? json))
            {
                unread.Add(index);
                return;
            }

            IEnumerable<string> shards = HubJson.Read(
                index, json,
                root => root.GetProperty("weight_map").EnumerateObject().Select(entry => folder + HubJson.Text(entry.Value)).Distinct()
                    .Order(StringComparer.Ordinal).ToList());
            foreach (string shard in shards)
            {
                if (!names.Contains(shard)) throw Lacks(shard);
                files.Add(shard);
            }
        }

        private static bool IsPickle(string folder, string name) =>
            name.StartsWith(folder, StringComparison.Ordinal) && ForeignWeights.IsPickle(name[folder.Length..])
                && name.IndexOf('/', folder.Length) < 0;

        private ColbertException Pickle(string file) => new(
            ColbertErrorId.ModelIncomplete,
            $"'{request.Repository}' has its weights in {file} only, a pickle, which is a program and is not run.",
            file,
            ForeignWeights.ConvertPickle);

        private ColbertException Lacks(string file) => new(
            ColbertErrorId.ModelIncomplete, $"'{request.Repository}' lacks {file}.", file,
            "Check that it is a ColBERT model with weights as safetensors, and that the revision is right.");
    }
}
