using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>A cmdlet in a pipeline of a runspace of its own, and what it says there.</summary>
internal sealed partial class CmdletRun : IDisposable
{
    private readonly RecordingHost host = new();
    private readonly PSDataCollection<PSObject> written = [];
    private readonly System.Management.Automation.PowerShell shell;
    private readonly string name;

    /// <summary>
    /// Nothing runs before <see cref="Invoke"/>. The items of the input are taken one by one as the pipeline comes to them.
    /// </summary>
    public CmdletRun(string name, Dictionary<string, object?>? parameters = null, IEnumerable? input = null)
    {
        this.name = name;
        shell = System.Management.Automation.PowerShell.Create(TestSession.Open(host));
        if (input is not null) shell.AddCommand("Send-Item").AddParameter("Source", input);
        shell.AddCommand(name).AddParameter("Verbose");
        foreach ((string parameter, object? value) in parameters ?? []) shell.AddParameter(parameter, value);
        written.DataAdded += (_, _) => OnWrite?.Invoke();
    }

    /// <summary>Without what PowerShell puts around an object.</summary>
    public IReadOnlyList<object> Output => [.. written.Select(item => item.BaseObject)];

    public int Written => written.Count;

    public IEnumerable<ColbertEmbedding> Embeddings => Output.Cast<ColbertEmbedding>();

    /// <summary>Error records of the stream, and at the end the one that ended the run.</summary>
    public IReadOnlyList<ErrorRecord> Errors { get; private set; } = [];

    public IReadOnlyList<(ColbertException Error, object? Target)> Failures =>
        [.. Errors.Select(record => (Assert.IsType<ColbertException>(record.Exception), (object?)record.TargetObject))];

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Without what PowerShell itself adds to it.</summary>
    public IReadOnlyList<string> Verbose { get; private set; } = [];

    /// <summary>What was to be changed, whether it was done, only told (-WhatIf), or the user's to decide (-Confirm).</summary>
    public IReadOnlyList<string> Asked { get; private set; } = [];

    public Action? OnWrite { get; set; }

    /// <summary>Runs a cmdlet to its end.</summary>
    public static CmdletRun Run(string name, Dictionary<string, object?>? parameters = null, IEnumerable? input = null)
    {
        using var run = new CmdletRun(name, parameters, input);
        run.Invoke();
        return run;
    }

    public void Invoke()
    {
        List<ErrorRecord> end = [];
        try
        {
            shell.Invoke(null, written, new PSInvocationSettings { Host = host });
        }
        catch (RuntimeException error)
        {
            end.Add(error.ErrorRecord);
        }
        finally
        {
            ILookup<bool, string> told = shell.Streams.Verbose.Select(record => record.Message).ToLookup(Asking().IsMatch);
            (Errors, Warnings, Verbose) = (
            [
                .. shell.Streams.Error, .. end,
            ], [.. shell.Streams.Warning.Select(record => record.Message)], [.. told[false]]);
            Asked =
            [
                .. told[true].Concat(host.Said).Select(line => Asking().Match(line)).Where(match => match.Success)
                    .Select(match => match.Groups[1].Value),
            ];
        }

        // What everybody may rely on is looked at in every run of every test: [OutputType] is a promise, and error records are alike.
        Type[] declared = TestSession.OutputTypes(name);
        Assert.All(Output, output => Assert.Contains(output.GetType(), declared));
        foreach (ErrorRecord record in Errors)
        {
            if (record.Exception is not ColbertException error) continue;
            Assert.StartsWith($"{error.Id},ColbertOnnx.", record.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal(error.Message, record.ErrorDetails.Message);
            Assert.Equal(error.Action, record.ErrorDetails.RecommendedAction);
        }
    }

    /// <summary>As Ctrl+C does.</summary>
    /// <param name="invoked">The run, which is to end by that and by nothing else.</param>
    public async Task Stop(Task invoked)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(PSInvocationState.Running, shell.InvocationStateInfo.State);
        await shell.StopAsync(null, null).WaitAsync(ChildProcess.Patience, cancellation);
        await invoked.WaitAsync(ChildProcess.Patience, cancellation);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(Errors);
    }

    /// <summary>Runs, and is stopped in the middle of its work.</summary>
    public async Task StopLater()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task invoked = Task.Run(Invoke, cancellation);
        while (shell.InvocationStateInfo.State != PSInvocationState.Running)
        {
            Assert.False(invoked.IsCompleted, "It ended before it was stopped.");
            await Task.Delay(20, cancellation);
        }

        await Task.Delay(300, cancellation);
        await Stop(invoked);
    }

    public void Dispose()
    {
        // What does not stop is left behind: waiting for it would hang the tests.
        if (shell.InvocationStateInfo.State is PSInvocationState.Running or PSInvocationState.Stopping) return;
        Runspace session = shell.Runspace;
        shell.Dispose();
        session.Dispose();
    }

    [GeneratedRegex("Performing the operation \".*\" on target \"(.*)\"")]
    private static partial Regex Asking();
}
