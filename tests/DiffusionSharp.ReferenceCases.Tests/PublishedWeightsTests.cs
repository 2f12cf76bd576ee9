using System.Numerics.Tensors;
using System.Text.Json;
using DiffusionSharp.Diffusers;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>The same models as safetensors, as genuine diffusers saves them, make the pictures that the cases expect; with LoRAs, those that genuine diffusers made with them.</summary>
public sealed class PublishedWeightsTests
{
    private const double Tolerance = 1e-4;

    // What is meant where a recorded picture names a request that is kept back: that of the case's name.
    private static readonly Dictionary<string, TextToImageRequest> KeptBack = new()
    {
        ["pndm"] = new TextToImageRequest("a red apple") { Seed = 7, Steps = 10, GuidanceScale = 7.5f, Width = 64, Height = 64 },
        ["sdxl_euler"] = new TextToImageRequest("a red apple") { Seed = 7, Steps = 10, GuidanceScale = 5, Width = 64, Height = 64 },
    };

    [WeightsTheory]
    [InlineData("sd1", "sd1", "euler")]
    [InlineData("sd1", "sd1", "pndm_batch2")]
    [InlineData("sd1", "sd1", "i2i_euler_75")]
    [InlineData("sd1", "sd1", "inp4_pndm_75")]
    [InlineData("sd1odd", "sd1", "euler")]
    [InlineData("sd1sharded", "sd1", "euler_a")]
    [InlineData("sd1inpaint", "sd1inpaint", "inp9_ddim_75")]
    [InlineData("sd2", "sd2", "v_euler")]
    [InlineData("sd2", "sd2", "v_ddim_batch")]
    [InlineData("lcm", "lcm", "lcm_4_batch")]
    [InlineData("lcm", "lcm", "lcm_i2i_50")]
    [InlineData("sdxl", "sdxl", "sdxl_batch_wide")]
    [InlineData("sdxl", "sdxl", "sdxl_clip_skip1")]
    [InlineData("sdxl", "sdxl", "sdxl_i2i_30")]
    [InlineData("sd3", "sd3", "sd3_10")]
    [InlineData("sd3", "sd3", "sd3_i2i_60")]
    [InlineData("flux", "flux", "flux_8")]
    [InlineData("flux", "flux", "flux_batch_wide")]
    [InlineData("controlnet", "controlnet", "controlnet_10")]
    [InlineData("controlnet", "controlnet", "controlnet_guess")]
    public void Folders(string weights, string model, string name) => Same(weights, model, name, new DiffusersPipelineOptions());

    [CaseTheory("pixart")]
    [CaseRequests("pixart")]
    public void PixArt(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.MadeOf(model));
        Comparison.Same(reference, pipeline.Generate(CaseRun.Request(reference)), tolerance);
    }

    [WeightsTheory]
    [InlineData("sd1", "sd1", "euler")]
    [InlineData("sd2", "sd2", "v_euler")]
    public void Folders_whose_weights_stay_mapped(string weights, string model, string name) => Same(weights, model, name, new DiffusersPipelineOptions { MapsWeights = true });

    [WeightsTheory]
    [InlineData("sd1", "sd1", "euler")]
    [InlineData("sdxl", "sdxl", "sdxl_dpm")]
    public void Single_files(string weights, string model, string name) =>
        Same(weights, model, name, new DiffusersPipelineOptions { SingleFile = Path.Combine(WeightFolders.Find("single")!, $"{weights}_single.safetensors") });

    [WeightsTheory]
    [InlineData("variants/sd1_fp16")]
    [InlineData("variants/sdxl_bf16")]
    public void Variants(string recording)
    {
        JsonElement root = Recording(recording);
        Compare(recording, root, new DiffusersPipelineOptions { Variant = root.GetProperty("variant").GetString() }, root.GetProperty("folder").GetString());
    }

    [WeightsTheory]
    [InlineData("lora/sd1_a_0.0")]
    [InlineData("lora/sd1_a_1.0")]
    [InlineData("lora/sd1_a_negative")]
    [InlineData("lora/sd1_b_0.6")]
    [InlineData("lora/sd1_dora_1.0")]
    [InlineData("lora/sd1_loha_0.8")]
    [InlineData("lora/sd1_lokr_0.8")]
    [InlineData("lora/sdxl_a_0.6")]
    [InlineData("lora/sdxl_b_1.0")]
    [InlineData("lora/flux_a_1.0")]
    [InlineData("lora/flux_b_0.6")]
    [InlineData("lora/flux_ab")]
    public void Loras(string recording)
    {
        JsonElement root = Recording(recording);
        JsonElement[] loras = [.. root.GetProperty("loras").EnumerateArray()];
        int names = loras.Max(lora => Files(lora).Length);
        for (int i = 0; i < names; i++)
        {
            Compare(recording, root, new DiffusersPipelineOptions { Loras = [.. loras.Select(lora => new LoraFile(Path.Combine(WeightFolders.Find("lora")!, Files(lora)[i]), lora.GetProperty("scale").GetSingle()))] });
        }
    }

    [WeightsTheory]
    [InlineData("lora/ti_one")]
    [InlineData("lora/ti_three")]
    [InlineData("lora/ti_three_a1111")]
    [InlineData("lora/ti_sdxl")]
    public void TextualInversions(string recording)
    {
        JsonElement root = Recording(recording);
        Compare(recording, root, new DiffusersPipelineOptions { TextualInversions = Words(root) });
        using DiffusionPipeline exported = OnnxDiffusionPipeline.Load(CaseFolders.Find(root.GetProperty("model").GetString()!)!, new OnnxPipelineOptions { TextualInversions = Words(root) });
        Compare(recording, root, exported);
    }

    private static TextualInversion[] Words(JsonElement root) =>
        [.. root.GetProperty("embeddings").EnumerateArray().Select(file => new TextualInversion(Path.Combine(WeightFolders.Find("lora")!, file.GetProperty("file").GetString()!), file.GetProperty("token").GetString()))];

    // The same changes under other names.
    private static string[] Files(JsonElement lora) =>
        [lora.GetProperty("file").GetString()!, .. lora.TryGetProperty("same", out JsonElement same) ? same.EnumerateArray().Select(file => file.GetString()!) : []];

    private static void Same(string weights, string model, string name, DiffusersPipelineOptions options)
    {
        Case reference = Case.Load(model, name);
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.Find(weights)!, options);
        Comparison.Same(reference, pipeline.Generate(CaseRun.Request(reference)), Tolerance, PackOf(model));
    }

    private static Func<Tensor<float>, Tensor<float>>? PackOf(string model) => model == "flux" ? FluxLatents.Pack : null;

    private static JsonElement Recording(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(WeightFolders.Find("")!, $"{name}.json"))).RootElement;

    private static void Compare(string recording, JsonElement root, DiffusersPipelineOptions options, string? folder = null)
    {
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.Find(folder ?? root.GetProperty("model").GetString()!)!, options);
        Compare(recording, root, pipeline);
    }

    private static void Compare(string recording, JsonElement root, DiffusionPipeline pipeline)
    {
        string model = root.GetProperty("model").GetString()!;
        var recorded = Case.Of(Path.GetDirectoryName(Path.Combine(WeightFolders.Find("")!, recording))!, root);
        GenerationRequest request = !root.TryGetProperty("case", out JsonElement name) ? CaseRun.Request(recorded)
            : KeptBack.TryGetValue(name.GetString()!, out TextToImageRequest? known) ? known
            : CaseRun.Request(Case.Load(model, name.GetString()!));
        Comparison.Same(recorded, pipeline.Generate(request), Tolerance, PackOf(model));
    }
}
