using System.Text;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Diffusers.Tests.Support;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Folders of safetensors in sequence, and what of them is not as it should be.</summary>
public sealed class PublishedCascadeTests
{
    // The second stage's layer of that name takes six channels, and would refuse it.
    [CaseTheory("if_stage2")]
    [InlineData("a red apple")]
    public void LorasChangeTheFirstFolderAlone(string prompt)
    {
        using var folder = new TemporaryFolder();
        string lora = folder.Write("lora.safetensors", WrittenTensor.File(
            WrittenTensor.Of("unet.conv_in.lora_A.weight", [.. Enumerable.Range(0, 27).Select(i => MathF.Sin(i))], 1, 3, 3, 3),
            WrittenTensor.Of("unet.conv_in.lora_B.weight", [.. Enumerable.Range(0, 8).Select(i => MathF.Cos(i))], 8, 1, 1, 1)));
        float[] Drawn(params LoraFile[] loras)
        {
            using Cascade cascade = DiffusersCascade.Load([WeightFolders.MadeOf("if_stage1"), WeightFolders.MadeOf("if_stage2")], new DiffusersPipelineOptions { Loras = loras });
            return cascade.Pipelines[0].Generate(new TextToImageRequest(prompt) { Steps = 2, Seed = 3 }).Latents.Values().ToArray();
        }

        Assert.NotEqual(Drawn(), Drawn(new LoraFile(lora)));
    }

    [CaseTheory("unclip")]
    [InlineData("unclip", "prior", "clip_mean")]
    [InlineData("stableunclip", "image_normalizer", "std")]
    public void EmbeddingsWithoutTheirMeanOrDeviationAreRefusedByItsName(string model, string component, string tensor)
    {
        using var folder = new TemporaryFolder();
        string source = WeightFolders.MadeOf(model);
        foreach (string path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            folder.Write(Path.GetRelativePath(source, path), File.ReadAllBytes(path));
        }

        string weights = folder.File(Path.Combine(component, "diffusion_pytorch_model.safetensors"));
        string bytes = Encoding.Latin1.GetString(File.ReadAllBytes(weights));
        File.WriteAllBytes(weights, Encoding.Latin1.GetBytes(bytes.Replace($"\"{tensor}\"", $"\"{new string('x', tensor.Length)}\"", StringComparison.Ordinal)));

        ModelFormatException error = Assert.Throws<ModelFormatException>(() => DiffusersCascade.Load(folder.Path));
        Assert.Contains($"'{tensor}' is missing", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ACascadeOfNoFolderIsRefused()
    {
        Assert.Equal("folders", Assert.Throws<ArgumentException>(() => DiffusersCascade.Load([])).ParamName);
    }
}
