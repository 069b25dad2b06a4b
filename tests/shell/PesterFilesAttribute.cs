using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace ColbertOnnx.Tests.Shell;

/// <summary>The tests of files of Pester are the rows: the files run when xunit asks for them, in one PowerShell.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PesterFilesAttribute(params string[] names) : DataAttribute
{
    public IReadOnlyList<string> Names => names;

    /// <summary>Only the tests with this tag; nothing: all but those of a step of their own.</summary>
    public string? Tag { get; init; }

    /// <summary>All its tests are of the package, so that there are none without one.</summary>
    public bool NeedsPackage { get; init; }

    public override bool SupportsDiscoveryEnumeration() => false;

    public override async ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        string files = string.Join(", ", names);
        PesterResult[] results = NeedsPackage && !PesterRun.IsInstalled
            ? [new("all", "Skipped", $"They are about an installed package: {PesterRun.Installed}=1 makes and installs one.", "", 0)]
            : await PesterRun.Run(names, Tag);
        return
        [
            .. results.Select(result => new TheoryDataRow<PesterResult>(result)
            {
                TestDisplayName = $"{files}: {result.Name}",
                Skip = result.Result == "Skipped" ? result.Message.Split('\n')[0] : null,
            }),
        ];
    }
}
