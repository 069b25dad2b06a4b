using ColbertOnnx.Benchmarks;
using ColbertOnnx.Benchmarks.Peers;

// Each comparison checks its output before it times it, and prints the spread.
switch (args)
{
    case ["tokenizer", .. string[] kinds]:
        return TokenizerComparison.Run(kinds);
    case ["tokenizer-microsoft", .. string[] kinds]:
        return MicrosoftComparison.Run(kinds);
    case ["graphs", .. string[] options]:
        return GraphComparison.Run(options);
    case ["peers", .. string[] options]:
        return PeerComparison.Run(options);
    case [PeerProcess.Verb, .. string[] what]:
        return PeerProcess.Run(what);
    case ["embedding-types", .. string[] options]:
        return EmbeddingTypeTable.Run(options);
    case ["parquet", .. string[] options]:
        return ParquetFlow.Run(options);
    case ["export-table", .. string[] options]:
        return ExportTable.Run(options);
    case [ExportRun.Command, string checkpoint, string folder]:
        return ExportRun.Run(checkpoint, folder);
    case ["tokenizer-memory", ..]:
        BenchmarkDotNet.Running.BenchmarkRunner.Run<TokenizerMemory>();
        return 0;
    case ["start", .. string[] model]:
        return StartComparison.Run(model);
    case ["import", string manifest]:
        return ImportComparison.Run(Path.GetFullPath(manifest));
    case ["pipeline", string manifest]:
        return PipelineComparison.Run(Path.GetFullPath(manifest));
    case ["session", .. string[] graph]:
        return SessionCost.Run(graph);
    case ["lanes", .. string[] model]:
        return LanesComparison.Run(model);
    case ["maxsim", ..]:
        return MaxSimComparison.Run();
    case ["packed", .. string[] graph]:
        return PackedComparison.Run(graph);
    case ["profile", .. string[] options]:
        return ProfileTable.Run(options);
    case ["operators", .. string[] options]:
        return OperatorsComparison.Run(options);
    case ["child", "start", .. string[] arguments]:
        return StartComparison.Child(arguments);
    case ["child", "session", string graph]:
        return SessionCost.Child(graph);
    case ["child", "lanes", string sessions, string model]:
        return LanesComparison.Child(sessions, model);
    case ["child", "packed", string kind, string graph]:
        return PackedComparison.Child(kind, graph);
    default:
        Console.Error.WriteLine(
            "usage: dotnet run -c Release --project tests/benchmarks -- tokenizer [KIND...] | tokenizer-memory | tokenizer-microsoft "
                + "[KIND...] | graphs --upstream FOLDER... | peers | export-table | embedding-types | parquet GIGABYTES | start [MODEL] "
                + "| import MANIFEST | pipeline MANIFEST | session [GRAPH] | lanes [MODEL] | packed [GRAPH] | maxsim | profile GRAPH "
                + "TOKENS... | operators [--attention] GRAPH TOKENS...");
        return 2;
}
