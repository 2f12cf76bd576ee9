using System.Runtime.InteropServices;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Serialization;

/// <summary>Requests from files, drawn by a pipeline of the same model that knows nothing else of whoever wrote them.</summary>
internal static class Replay
{
    /// <summary>Draws every request of a folder: of <c>x.json</c> the picture is <c>x.float32</c>.</summary>
    public static void All(string folder)
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        foreach (string file in Directory.EnumerateFiles(folder, "*.json"))
        {
            GenerationRequest request = Outsiders.Json.Deserialize(File.ReadAllBytes(file));
            File.WriteAllBytes(Path.ChangeExtension(file, ".float32"), Bytes(pipeline.Generate(request)));
        }
    }

    /// <summary>All pictures of a result.</summary>
    public static byte[] Bytes(GenerationResult result) => [.. result.Images.SelectMany(image => MemoryMarshal.AsBytes(image.Pixels.Values()).ToArray())];
}
