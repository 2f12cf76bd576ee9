using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>ControlNets, in graphs of their own and inside of the UNet's, and pictures as prompts.</summary>
public sealed class GuidedByPicturesTests
{
    [CaseTheory("controlnet")]
    [CaseRequests("controlnet")]
    public void ControlNet(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Generate(reference), tolerance);
    }

    // Exported residual inputs without a ControlNet: of another case's seed, since none is recorded.
    [CaseTheory("controlnet")]
    [InlineData(7)]
    public void AUNetWithoutItsControlNet(long seed)
    {
        string folder = CaseFolders.Find("controlnet")!;
        Tensor<float> picture = Tensor.Create(new float[3 * 64 * 64], [1, 3, 64, 64]);
        var request = new TextToImageRequest("a red apple") { Seed = seed, Steps = 4, Width = 64, Height = 64 };
        using DiffusionPipeline alone = OnnxDiffusionPipeline.Load(folder, new OnnxPipelineOptions { LeftOut = ["controlnet"] });
        GenerationResult expected = CaseRun.Pipeline(folder).Generate(request with { Parts = [new ControlPictures(new ControlPicture(picture) { Weight = 0 })] });
        Assert.Equal(expected.Latents.ToArray(), alone.Generate(request).Latents.ToArray());
    }

    [CaseTheory("controlnet/unet_merged")]
    [CaseRequests("controlnet")]
    [CaseRequests("controlnet", "controlnet_guess", Skip = "A graph with the ControlNet inside takes one weight for both predictions.")]
    public void ControlNetInsideOfTheUNet(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        string folder = Directory.CreateTempSubdirectory("merged-").FullName;
        try
        {
            CopyMerged(reference.Folder, folder);
            using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder);
            Comparison.Same(reference, pipeline.Generate(CaseRun.Request(reference)), tolerance);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [CaseTheory("sd1ipadapter")]
    [CaseRequests("sd1ipadapter")]
    public void ImagePrompt(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Generate(reference), tolerance);
    }

    [CaseTheory("sd1ipadapter")]
    [CaseRequests("sd1ipadapter")]
    public void ImagePromptsAreEncodedAsClipSeesThem(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        using var encoder = new OnnxImageEncoder(reference.FileAt("image_encoder/model.onnx"));
        var prompts = (ImagePrompts)CaseGuides.Of(reference).Single();
        float[] encoded = [.. prompts.Pictures.SelectMany(picture => encoder.Encode(picture).ToArray())];

        // The first half of the recorded ones is that of the prediction without the condition.
        float[] recorded = [.. reference.Recorded("intermediate", "image_embeds")!];
        Assert.All(recorded[..(recorded.Length / 2)], value => Assert.Equal(0, value));
        Assert.All(recorded[^encoded.Length..].Zip(encoded), pair => Assert.Equal(pair.First, pair.Second, tolerance * 10));
    }

    // A folder whose UNet is the one with the ControlNet inside.
    private static void CopyMerged(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string[] path = Path.GetRelativePath(source, file).Split(Path.DirectorySeparatorChar);
            if (path[0] is "unet" or "controlnet" or "requests")
            {
                continue;
            }

            path[0] = path[0] == "unet_merged" ? "unet" : path[0];
            string copy = Path.Combine([target, .. path]);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }

        string index = Path.Combine(target, "model_index.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(index))!.AsObject();
        json.Remove("controlnet");
        File.WriteAllText(index, json.ToJsonString());
    }
}
