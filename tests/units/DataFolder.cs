using System.Collections.Concurrent;
using System.Text.Json;

namespace ColbertOnnx.Tests;

/// <summary>
/// Folders of tests/data that hold only what differs from others: case.json names them (tests/data/README.md). Laid out whole, once for the
/// process, in one temporary folder.
/// </summary>
internal static class DataFolder
{
    private static readonly Lazy<TemporaryFolder> Root = new(() =>
    {
        var root = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => root.Dispose();
        return root;
    });

    private static readonly ConcurrentDictionary<(string Kind, string Name), Lazy<string>> Folders = new();

    /// <summary>Full path of the whole folder; tests only read there.</summary>
    public static string Of(string kind, string name) =>
        Folders.GetOrAdd((kind, name), key => new Lazy<string>(() => Lay(key.Kind, key.Name))).Value;

    /// <summary>Whether files of it come from elsewhere.</summary>
    public static bool HasCase(string kind, string name) => File.Exists(CaseOf(kind, name));

    /// <summary>Its case.json; an empty object without one.</summary>
    public static JsonElement Case(string kind, string name)
    {
        using var json = JsonDocument.Parse(HasCase(kind, name) ? File.ReadAllBytes(CaseOf(kind, name)) : "{}"u8.ToArray());
        return json.RootElement.Clone();
    }

    private static string Lay(string kind, string name)
    {
        string folder = Path.Combine(Root.Value.Path, kind, name);
        Directory.CreateDirectory(folder);
        Overlay(kind, name, folder);
        return folder;
    }

    private static void Overlay(string kind, string name, string folder)
    {
        string source = Path.Combine(TestData.Root, kind, name);
        JsonElement json = Case(kind, name);
        if (json.TryGetProperty("base", out JsonElement origin) && origin.GetString() is { } other) Overlay(kind, other, folder);
        if (json.TryGetProperty("files", out JsonElement files))
            foreach (JsonProperty file in files.EnumerateObject())
                Copy(Path.Combine(TestData.Root, file.Value.GetString()!), Path.Combine(folder, file.Name));
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(source, file);
            if (relative is not ("case.json" or "reference.json" or "reference.safetensors")) Copy(file, Path.Combine(folder, relative));
        }

        if (!json.TryGetProperty("remove", out JsonElement removed)) return;
        foreach (JsonElement entry in removed.EnumerateArray())
        {
            string target = Path.Combine(folder, entry.GetString()!);
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            else File.Delete(target);
        }
    }

    private static string CaseOf(string kind, string name) => Path.Combine(TestData.Root, kind, name, "case.json");

    private static void Copy(string file, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target, overwrite: true);
    }
}
