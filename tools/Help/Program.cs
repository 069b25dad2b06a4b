using ColbertOnnx.Help;
using ColbertOnnx.PowerShell.Commands;

// dotnet run --project tools/Help: writes en-US/ColbertOnnx.dll-Help.xml anew from module/docs/en-US and the cmdlets' attributes.
DirectoryInfo root = new(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root.FullName, "ColbertPS.sln"))) root = root.Parent!;
string help = MamlWriter.Write(CmdletSyntax.All(typeof(ColbertCmdlet).Assembly), Path.Combine(root.FullName, "module", "docs", "en-US"));
File.WriteAllText(Path.Combine(root.FullName, "en-US", "ColbertOnnx.dll-Help.xml"), help);
