using ColbertOnnx.Tools;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: UnicodeTables NODE_MODULES UNICODE_DATA_FOLDER OUTPUT_FOLDER (see tools/README.md)");
    return 2;
}

CharacterDatabase Database(string version) => new(args[0], version);
string Output(string name) => Path.Combine(args[2], name + ".bin");

Directory.CreateDirectory(args[2]);
PropertyTables.Write(Output("properties"), Database("8.0.0"), Database("9.0.0"), Database("16.0.0"), Database("17.0.0"));
CasingTables.Write(Output("casing"), Database("14.0.0"), Database("16.0.0"), Database("17.0.0"));
ScriptTables.Write(Output("scripts"), Database("9.0.0"), Database("16.0.0"), args[1]);
GraphemeTables.Write(Output("graphemes"), Database("17.0.0"));
NormalizationTables.Write(Output("normalization"), Database("9.0.0"), args[1]);
return 0;
