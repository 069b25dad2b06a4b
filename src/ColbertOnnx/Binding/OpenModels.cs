using System.Globalization;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>
/// The models that this process has open. Runspaces share them: the weights are in memory once, however many pipelines run.
/// </summary>
internal static class OpenModels
{
    // Loading takes seconds; listing models meanwhile does not wait for it.
    private static readonly Lock LoadGate = new();
    private static readonly Lock Gate = new();
    private static readonly List<Entry> Entries = [];
    private static long imports;

    public static IReadOnlyList<ColbertModel> All
    {
        get
        {
            lock (Gate)
            {
                Entries.RemoveAll(entry => entry.Model.IsClosed);
                return [.. Entries.OrderBy(entry => entry.Imported).Select(entry => entry.Model)];
            }
        }
    }

    /// <summary>
    /// Opens a folder (null: the embedded model), or gives the model that is open with the same options; it becomes the current one.
    /// </summary>
    public static ColbertModel Import(string? folder, ColbertModelOptions options) => Open(folder, options, isImport: true);

    /// <summary>The model of a folder for one call: as it is open, else with default options; the current one stays.</summary>
    public static ColbertModel Use(string folder)
    {
        lock (LoadGate)
        {
            return FindOpen(folder) ?? Open(folder, new ColbertModelOptions(), isImport: false);
        }
    }

    /// <summary>The model imported last and still open, or the embedded one.</summary>
    public static ColbertModel Current()
    {
        lock (LoadGate)
        {
            return FindOpen(null) ?? Open(null, new ColbertModelOptions(), isImport: false);
        }
    }

    /// <summary>
    /// What <see cref="Use"/> (null: <see cref="Current"/>) would give without opening anything; null when that model is not open.
    /// </summary>
    public static ColbertModel? FindOpen(string? folder) =>
        (folder is null ? Find(entry => entry.Imported > 0) : null)
            ?? Find(entry => entry.Key.StartsWith((folder ?? ColbertModel.FindEmbedded()) + "\n", StringComparison.Ordinal));

    /// <summary>The model of that name, of several the one imported last; null when none is open.</summary>
    public static ColbertModel? FindNamed(string name) => Find(entry => entry.Model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The model's warnings, once; then none, for models of this list are opened once and used often.</summary>
    public static IReadOnlyList<string> TakeWarnings(ColbertModel model)
    {
        lock (Gate)
        {
            if (Entries.Find(entry => ReferenceEquals(entry.Model, model)) is not { HasWarned: false } entry) return [];
            entry.HasWarned = true;
            return model.Warnings;
        }
    }

    public static void Remove(ColbertModel model)
    {
        lock (Gate) Entries.RemoveAll(entry => ReferenceEquals(entry.Model, model));
        model.Dispose();
    }

    private static ColbertModel Open(string? folder, ColbertModelOptions options, bool isImport)
    {
        string key = KeyOf(folder, options);
        lock (LoadGate)
        {
            lock (Gate)
            {
                if (FindEntry(entry => entry.Key == key) is { } open)
                {
                    if (isImport) open.Imported = ++imports;
                    return open.Model;
                }
            }

            ColbertModel model = ColbertModel.Load(folder, options);
            lock (Gate)
            {
                var entry = new Entry(model, key);
                if (isImport) entry.Imported = ++imports;
                Entries.Add(entry);
            }

            return model;
        }
    }

    /// <summary>The one imported last of those that fit and are open.</summary>
    private static ColbertModel? Find(Func<Entry, bool> fits)
    {
        lock (Gate) return FindEntry(fits)?.Model;
    }

    // Within the gate.
    private static Entry? FindEntry(Func<Entry, bool> fits) =>
        Entries.Where(entry => !entry.Model.IsClosed && fits(entry)).MaxBy(entry => entry.Imported);

    private static string KeyOf(string? folder, ColbertModelOptions options)
    {
        // A list prints its type: the items are what counts.
        string skiplist = Joined(options.Skiplist), providers = Joined(options.ExecutionProviders);
        string settings = Joined(options.ProviderOptions?.OrderBy(
            option => option.Key, StringComparer.Ordinal).SelectMany(option => new[] { option.Key, option.Value }));
        // No prefix is another wish than none that was uttered; both print as nothing.
        string[] texts =
        [
            .. new[]
            {
                options.QueryPrefix, options.DocumentPrefix, options.PromptName, options.Prompt,
            }.Select(text => Joined(text is null ? null : [text])),
        ];
        ColbertModelOptions rest = options with
        {
            Skiplist = null,
            ExecutionProviders = null,
            ProviderOptions = null,
            QueryPrefix = null,
            DocumentPrefix = null,
            PromptName = null,
            Prompt = null,
        };

        // The embedded model is the same one with its path and without.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{folder ?? ColbertModel.FindEmbedded()}\n{rest}\n{skiplist}\n{providers}\n{settings}\n{string.Join('\n', texts)}");
    }

    private static string Joined(IEnumerable<string>? items) => items is null ? "" : string.Join('\0', items.Prepend("given"));

    private sealed class Entry(ColbertModel model, string key)
    {
        public ColbertModel Model { get; } = model;

        public string Key { get; } = key;

        /// <summary>Number of the import; 0 for a model that was opened because a call needed it.</summary>
        public long Imported { get; set; }

        public bool HasWarned { get; set; }
    }
}
