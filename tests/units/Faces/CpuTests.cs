using System.Diagnostics;

namespace ColbertOnnx.Tests.Faces;

/// <summary>How many lanes the command starts where it may not use every CPU: counted from outside, by the names of its threads.</summary>
public sealed class CpuTests
{
    [Fact]
    public async Task An_affinity_mask_bounds_the_lanes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Counts threads in /proc.");
        Assert.Equal(Environment.ProcessorCount, await Lanes("exec \"$@\""));
        Assert.Equal(1, await Lanes($"exec taskset -c {FirstCpu()} \"$@\""));
    }

    [Fact]
    public async Task A_limit_of_the_control_group_bounds_the_lanes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Control groups are Linux's.");
        using ControlGroup? group = ControlGroup.TryMake(1.5);
        if (group is null) Assert.Skip("No right to make a control group with a limit here.");
        Assert.Equal(Math.Min(2, Environment.ProcessorCount), await Lanes($"echo $$ > '{group.Processes}' && exec \"$@\""));
        group.Limit(0.5);
        Assert.Equal(1, await Lanes($"echo $$ > '{group.Processes}' && exec \"$@\""));
    }

    [Fact]
    public async Task What_Slurm_gave_the_task_bounds_the_lanes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Counts threads in /proc.");
        Assert.Equal(1, await Lanes("SLURM_CPUS_PER_TASK=1 exec \"$@\""));
        Assert.Equal(Environment.ProcessorCount, await Lanes("SLURM_CPUS_PER_TASK=1000 exec \"$@\""));
    }

    [Fact]
    public async Task What_Slurm_gave_the_task_bounds_the_threads_inside_an_operator()
    {
        (int exit, _, string error) = await ColbertProcess.RunWith(
            new Dictionary<string, string> { ["SLURM_CPUS_PER_TASK"] = "1" }, "one text\n",
            "encode", "--model", TestData.Path("onnx", "bert-base"), "--document", "--threads-per-session", "5", "-", "-o", "-");
        Assert.Equal(2, exit);
        Assert.Contains("4 is the most here", error, StringComparison.Ordinal);
        Assert.Contains("1 CPUs that the process may use", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Slurm_gave_the_task_is_what_a_measurement_was_made_with()
    {
        (int exit, string output, string error) = await ColbertProcess.RunWith(
            new Dictionary<string, string> { ["SLURM_CPUS_PER_TASK"] = "1" }, "one text\n",
            "throughput", "--model", TestData.Path("onnx", "bert-base"), "--repeat", "1", "--json", "-");
        Assert.True(exit == 0, error);
        Assert.Contains("\"processors\":1,", output.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<int> Lanes(string shell)
    {
        string model = TestData.Path("onnx", "bert-base");
        var info = new ProcessStartInfo(
            "/bin/sh", ["-c", shell, "sh", ColbertProcess.Program, "encode", "--model", model, "--document", "-", "-o", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        info.Environment.Remove("DOTNET_PROCESSOR_COUNT");
        info.Environment.Remove("SLURM_CPUS_PER_TASK");
        using Process process = ChildProcess.Start(info);
        await process.StandardInput.WriteLineAsync("one text");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        int lanes = Directory.EnumerateDirectories($"/proc/{process.Id}/task")
            .Count(task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith("ColBERT lane", StringComparison.Ordinal));
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return lanes;
    }

    private static string FirstCpu()
    {
        string allowed = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            .Split('\t')[1];
        return allowed.Split(',', '-')[0];
    }
}
