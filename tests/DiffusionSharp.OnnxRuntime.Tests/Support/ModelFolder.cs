using System.Text.Json.Nodes;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>A copy of one of the fixtures' model folders, with its tokenizer, for a test to load or to break.</summary>
internal sealed class ModelFolder : TemporaryFolder
{
    public ModelFolder(string name)
    {
        CopyFiles(Fixture.Path($"folders/{name}"), "");
        if (name != "pixels")
        {
            CopyFiles(Fixture.Path("tokenizer"), "tokenizer");
        }
    }

    /// <summary>Changes a JSON file.</summary>
    public void Edit(string name, Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(System.IO.File.ReadAllText(File(name)))!.AsObject();
        change(json);
        Write(name, json.ToJsonString());
    }

    private void CopyFiles(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            System.IO.File.Copy(file, File(System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file))));
        }
    }
}
