using System.Reflection;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Runs a cmdlet as a pipeline would: Begin, a Record for each input, End, and Dispose whatever happens.</summary>
internal static class CmdletRun
{
    public static Recorder Run<T>(T cmdlet, params IEnumerable<Action<T>> inputs)
        where T : ColbertCmdlet
    {
        var recorder = new Recorder();
        Run(cmdlet, recorder, inputs);
        return recorder;
    }

    public static void Run<T>(T cmdlet, Recorder recorder, params IEnumerable<Action<T>> inputs)
        where T : ColbertCmdlet
    {
        cmdlet.Out = recorder;
        try
        {
            Call(cmdlet, "BeginProcessing");
            bool any = false;
            foreach (Action<T> bind in inputs)
            {
                any = true;
                bind(cmdlet);
                Call(cmdlet, "ProcessRecord");
            }

            if (!any) Call(cmdlet, "ProcessRecord");
            Call(cmdlet, "EndProcessing");
        }
        catch (TerminatedException)
        {
        }
        finally
        {
            cmdlet.Dispose();
        }
    }

    public static void Stop(ColbertCmdlet cmdlet) => Call(cmdlet, "StopProcessing");

    private static void Call(ColbertCmdlet cmdlet, string name) =>
        typeof(ColbertCmdlet).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(cmdlet, BindingFlags.DoNotWrapExceptions, null, null, null);
}
