using System.Diagnostics;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>@huggingface/transformers in this folder's node_modules, installed when it is first asked for.</summary>
internal static class NodePackage
{
    public const string Name = "@huggingface/transformers 4.3.1";

    private static readonly string Folder = Path.Combine(TestData.Repository, "tests", "benchmarks", "peers");

    /// <summary>Null when it is there, otherwise why it is not.</summary>
    public static string? Missing()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "@huggingface", "transformers"))) return null;
        try
        {
            var start = new ProcessStartInfo(
                OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci --ignore-scripts --no-fund --no-audit --loglevel=error")
            {
                WorkingDirectory = Folder,
                RedirectStandardError = true,
            };
            using Process install = Process.Start(start)!;
            string error = install.StandardError.ReadToEnd();
            install.WaitForExit();
            return install.ExitCode == 0 ? null : $"npm could not install it: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"npm does not start: {e.Message}";
        }
    }

    public static ProcessStartInfo Program(string model, string kind, string texts) =>
        new("node", [Path.Combine(Folder, "peer.mjs"), model, kind, texts]);
}
