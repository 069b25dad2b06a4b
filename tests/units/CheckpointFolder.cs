using System.Collections.Concurrent;
using System.Text.Json;

namespace ColbertOnnx.Tests;

/// <summary>
/// The checkpoints of tests/data/pylate as whole folders. A case that names a base holds only what differs: the base's files, the case's
/// own over them, without what its case.json removes. Laid out once for the process, in one temporary folder.
/// </summary>
internal static class CheckpointFolder
{
    private static readonly Lazy<TemporaryFolder> Root = new(() =>
    {
        var root = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => root.Dispose();
        return root;
    });

    private static readonly ConcurrentDictionary<string, Lazy<string>> Folders = new(StringComparer.Ordinal);

    /// <summary>Full path of the checkpoint; tests only read there.</summary>
    public static string Of(string name) => Folders.GetOrAdd(name, n => new Lazy<string>(() => Lay(n))).Value;

    private static string Lay(string name)
    {
        string folder = Path.Combine(Root.Value.Path, name);
        Directory.CreateDirectory(folder);
        Overlay(name, folder);
        return folder;
    }

    private static void Overlay(string name, string folder)
    {
        string source = TestData.Path("pylate", name);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(source, "case.json")));
        if (json.RootElement.GetProperty("base").GetString() is { } origin) Overlay(origin, folder);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(source, file);
            if (relative is "case.json" or "reference.json" or "reference.safetensors") continue;
            string target = Path.Combine(folder, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        if (!json.RootElement.TryGetProperty("remove", out JsonElement removed)) return;
        foreach (JsonElement entry in removed.EnumerateArray())
        {
            string target = Path.Combine(folder, entry.GetString()!);
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            else File.Delete(target);
        }
    }
}
