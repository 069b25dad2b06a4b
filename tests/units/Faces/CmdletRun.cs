using System.Collections.ObjectModel;
using System.Management.Automation;
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

        // [OutputType] is a promise: every run of every test holds it.
        Type[] declared = OutputTypes(typeof(T) == typeof(ColbertCmdlet) ? cmdlet.GetType() : typeof(T));
        Assert.All(recorder.Output, output => Assert.Contains(output.GetType(), declared));
    }

    /// <summary>What [OutputType] says. Read as data: the reference library of PowerShell, under which this runs, gives attributes that forget.</summary>
    public static Type[] OutputTypes(Type cmdlet) =>
    [
        .. cmdlet.GetCustomAttributesData().Where(data => data.AttributeType == typeof(OutputTypeAttribute))
            .SelectMany(data => (ReadOnlyCollection<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!).Select(argument => (Type)argument.Value!),
    ];

    public static void Stop(ColbertCmdlet cmdlet) => Call(cmdlet, "StopProcessing");

    private static void Call(ColbertCmdlet cmdlet, string name) =>
        typeof(ColbertCmdlet).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(cmdlet, BindingFlags.DoNotWrapExceptions, null, null, null);
}
