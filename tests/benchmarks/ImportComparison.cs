using System.Globalization;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// What Import-Module takes in a new PowerShell, beside a module that holds nothing; by turns, since a machine changes from second to
/// second.
/// </summary>
internal static class ImportComparison
{
    private const int Rounds = 15;

    public static int Run(string manifest)
    {
        string folder = Directory.CreateTempSubdirectory("colbert-import-").FullName;
        List<double[]> empty = [], ours = [];
        try
        {
            string other = Path.Combine(folder, "Empty.psd1");
            File.WriteAllText(Path.Combine(folder, "Empty.psm1"), "");
            File.WriteAllText(
                other,
                "@{ RootModule = 'Empty.psm1'; ModuleVersion = '1.0'; FunctionsToExport = @(); CmdletsToExport = @(); VariablesToExport "
                    + "= @(); AliasesToExport = @() }");
            Import(manifest); // the files' pages
            for (int round = 0; round < Rounds; round++)
            {
                empty.Add(Import(other));
                ours.Add(Import(manifest));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine("| Import-Module in a new pwsh | ms (min median max) | ms of CPU time |");
        Console.WriteLine("|---|---|---|");
        foreach ((string name, List<double[]> runs) in new[] { ("an empty module", empty), ("ColbertOnnx", ours) })
        {
            Console.WriteLine(
                $"| {name} | {ChildRun.Spread(runs.Select(run => run[0]))} | {ChildRun.Spread(runs.Select(run => run[1]))} |");
        }

        return 0;
    }

    private static double[] Import(string manifest)
    {
        string script = $$"""
            $before = [Environment]::CpuUsage.TotalTime; $watch = [Diagnostics.Stopwatch]::StartNew()
            Import-Module {{PowerShellRun.Quote(manifest)}} -ErrorAction Stop
            $clock = $watch.Elapsed.TotalMilliseconds; $cpu = ([Environment]::CpuUsage.TotalTime - $before).TotalMilliseconds
            [string]::Join(' ', [double[]] ($clock, $cpu))
            """;
        return [.. PowerShellRun.Lines(script).Single().Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }
}
