using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace ColbertOnnx.Tests.Shell;

/// <summary>The tests of files of Pester are the rows: the files run when xunit asks for them, in one PowerShell.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PesterFilesAttribute(params string[] names) : DataAttribute
{
    /// <summary>Only the tests with this tag, of all files without a name; nothing: all but those of a step of their own.</summary>
    public string? Tag { get; init; }

    public override bool SupportsDiscoveryEnumeration() => false;

    public override async ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        string[] files = [.. names.Length > 0 ? names.Select(PesterRun.PathOf) : PesterRun.WithTag(Tag!)];
        bool isLeftOut =
            !PesterRun.IsInstalled && files.All(file => File.ReadAllText(file).Contains("COLBERT_TEST_PACKAGE", StringComparison.Ordinal));
        PesterResult[] results = isLeftOut
            ? [new("all", "Skipped", $"They are about an installed package: {PesterRun.Installed}=1 makes and installs one.", "", 0)]
            : await PesterRun.Run(files, Tag);
        return
        [
            .. results.Select(result => new TheoryDataRow<PesterResult>(result)
            {
                TestDisplayName = $"{string.Join(", ", files.Select(PesterRun.NameOf))}: {result.Name}",
                Skip = result.Result == "Skipped" ? result.Message.Split('\n')[0] : null,
            }),
        ];
    }
}
