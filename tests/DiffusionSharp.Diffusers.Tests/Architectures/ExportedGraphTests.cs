using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Tests.Architectures;

/// <summary>Each network over published weights gives what the genuine one does, exported to ONNX by other code from the same weights.</summary>
public sealed class ExportedGraphTests
{
    // Both are float32 with other orders of sums, which through a whole decoder makes 2e-5 of its deviation.
    private const double Tolerance = 5e-5;

    // Times are multiplied by 1000 and become angles, whose last bits the two round differently.
    private const double FluxTolerance = 1e-4;

    [SharedWeightsTheory("sd1odd")]
    [InlineData("sd1", "sd1")]
    [InlineData("sd1odd", "sd1")]
    [InlineData("sd1sharded", "sd1")]
    [InlineData("sd1inpaint", "sd1inpaint")]
    [InlineData("sd2", "sd2")]
    [InlineData("sdxl", "sdxl")]
    [InlineData("lcm", "lcm")]
    public void UNets(string model, string exported)
    {
        var settings = UNetSettings.Read(NetworkConfig.Load(Folder(model, "unet")));

        Same(
            Folder(model, "unet"),
            SharedWeights.Onnx(exported, "unet"),
            (checkpoint, config) => UNet2DConditionModel.Build(checkpoint, config),
            name => name switch
            {
                "sample" => [2, settings.InChannels, 8, 16],
                "timestep" => [],
                "timestep_cond" => [2, 32],
                "encoder_hidden_states" => [2, 77, settings.ContextChannels],
                "text_embeds" => [2, 48],
                "time_ids" => [2, 6],
                _ => throw new NotSupportedException($"The input {name}."),
            });
    }

    [SharedWeightsTheory("pixel/unet")]
    [InlineData("pixel")]
    [InlineData("pixelclass")]
    public void UNets_without_conditions(string model) => Same(
        Folder(model, "unet"),
        SharedWeights.Onnx(model, "unet"),
        UNet2DModel.Build,
        name => name switch
        {
            "sample" => [2, 3, 8, 12],
            "class_labels" => [2],
            _ => [],
        },
        largestId: 10);

    [SharedWeightsTheory("consistency/unet")]
    [InlineData("consistency")]
    [InlineData("if_stage1")]
    [InlineData("if_stage2")]
    [InlineData("kandinsky22/decoder_pipeline")]
    [InlineData("unclip", "decoder")]
    [InlineData("unclip", "super_res_first")]
    [InlineData("unclip", "super_res_last")]
    public void UNets_with_the_levels_of_ADM(string model, string component = "unet")
    {
        NetworkConfig read = NetworkConfig.Load(Folder(model, component));
        bool hasConditions = read.Text("_class_name") == nameof(UNet2DConditionModel);
        UNetSettings settings = hasConditions ? UNetSettings.Read(read) : UNetSettings.ReadUnconditional(read);

        Same(
            Folder(model, component),
            SharedWeights.Onnx(model, component),
            (checkpoint, config) => hasConditions ? UNet2DConditionModel.Build(checkpoint, config) : UNet2DModel.Build(checkpoint, config),
            name => name switch
            {
                "sample" => [2, settings.InChannels, 8, 12],
                "timestep" => [],
                "class_labels" => settings.Class.IsEmbedded ? [2, 32] : [2],
                "encoder_hidden_states" => settings.Class.IsEmbedded ? [2, 81, 24] : [2, 7, 32],
                "attention_mask" => [2, 81],
                "image_embeds" => [2, 32],
                _ => throw new NotSupportedException($"The input {name}."),
            },
            largestId: 10);
    }

    [SharedWeightsTheory("sd1odd")]
    [InlineData("sd1", "sd1")]
    [InlineData("sd1odd", "sd1")]
    [InlineData("sd3", "sd3")]
    public void Decoders(string model, string exported)
    {
        var settings = AutoencoderSettings.Read(NetworkConfig.Load(Folder(model, "vae")));

        Same(
            Folder(model, "vae"),
            SharedWeights.Onnx(exported, "vae_decoder"),
            AutoencoderKL.BuildDecoder,
            _ => [2, settings.LatentChannels, 8, 10]);
    }

    [SharedWeightsTheory("sd1odd")]
    [InlineData("sd1", "sd1")]
    [InlineData("sd1odd", "sd1")]
    [InlineData("sd3", "sd3")]
    public void Encoders(string model, string exported) => Same(
        Folder(model, "vae"),
        SharedWeights.Onnx(exported, "vae_encoder"),
        AutoencoderKL.BuildEncoder,
        _ => [2, 3, 64, 48]);

    [SharedWeightsTheory("sd1odd")]
    [InlineData("sd1", "text_encoder", "sd1", false)]
    [InlineData("sd1odd", "text_encoder", "sd1", false)]
    [InlineData("sd1sharded", "text_encoder", "sd1", false)]
    [InlineData("sd2", "text_encoder", "sd2", false)]
    [InlineData("sdxl", "text_encoder", "sdxl", false)]
    [InlineData("sdxl", "text_encoder_2", "sdxl", true)]
    [InlineData("sd3", "text_encoder", "sd3", true)]
    public void Clip(string model, string component, string exported, bool withProjection) => Same(
        Folder(model, component),
        SharedWeights.Onnx(exported, component),
        (checkpoint, config) => ClipTextModel.Build(checkpoint, config, withProjection),
        _ => [2, 77],
        largestId: 1814);

    [SharedWeightsTheory("flux/text_encoder_2")]
    [InlineData("flux", "text_encoder_2")]
    public void T5(string model, string component) => Same(
        Folder(model, component),
        SharedWeights.Onnx(model, component),
        (checkpoint, config) => T5EncoderModel.Build(checkpoint, config),
        _ => [2, 150],
        largestId: 200);

    [SharedWeightsTheory("ldmtext/bert")]
    [InlineData("ldmtext")]
    public void LDMBert(string model) => Same(
        Folder(model, "bert"),
        SharedWeights.Onnx(model, "bert"),
        LDMBertModel.Build,
        _ => [2, 50],
        largestId: 145);

    [SharedWeightsTheory("sd1odd")]
    [InlineData("controlnet")]
    public void ControlNets(string model) => Same(
        Folder(model, "controlnet"),
        SharedWeights.Onnx(model, "controlnet"),
        ControlNetModel.Build,
        name => name switch
        {
            "sample" => [2, 4, 8, 16],
            "encoder_hidden_states" => [2, 77, 32],
            "controlnet_cond" => [2, 3, 64, 128],
            _ => [],
        });

    [SharedWeightsTheory("sd1odd")]
    [InlineData("controlnet")]
    public void UNets_with_the_residuals_of_a_ControlNet(string model) => Same(
        Folder(model, "unet"),
        SharedWeights.Onnx(model, "unet"),
        (checkpoint, config) => UNet2DConditionModel.Build(checkpoint, config, takesResiduals: true),
        name => name switch
        {
            "sample" => [2, 4, 8, 16],
            "encoder_hidden_states" => [2, 77, 32],
            "down_block_additional_residuals.0" or "down_block_additional_residuals.1" => [2, 16, 8, 16],
            "down_block_additional_residuals.2" => [2, 16, 4, 8],
            "down_block_additional_residuals.3" or "mid_block_additional_residual" => [2, 32, 4, 8],
            _ => [],
        });

    [SharedWeightsTheory("sd3/transformer")]
    [InlineData("sd3")]
    public void SD3(string model) => Same(
        Folder(model, "transformer"),
        SharedWeights.Onnx(model, "transformer"),
        SD3Transformer2DModel.Build,
        name => name switch
        {
            "hidden_states" => [2, 16, 8, 12],
            "encoder_hidden_states" => [2, 90, 96],
            "pooled_projections" => [2, 80],
            _ => [2],
        });

    [SharedWeightsTheory("flux/transformer")]
    [InlineData("flux")]
    public void Flux(string model) => SameFlux(model);

    [SharedWeightsTheory("fluxschnell")]
    [InlineData("fluxschnell")]
    public void Flux_without_a_guidance_scale(string model) => SameFlux(model);

    [SharedWeightsTheory("pixart/transformer")]
    [InlineData("pixart")]
    public void PixArt(string model) => Same(
        Folder(model, "transformer"),
        SharedWeights.Onnx(model, "transformer"),
        PixArtTransformer2DModel.Build,
        name => name switch
        {
            "hidden_states" => [2, 4, 8, 12],
            "encoder_hidden_states" => [2, 20, 32],
            "encoder_attention_mask" => [2, 20],
            "resolution" => [2, 2],
            "aspect_ratio" => [2, 1],
            _ => [2],
        },
        largestId: 2);

    [SharedWeightsTheory("ldmvq/vqvae")]
    [InlineData("kandinsky22/decoder_pipeline", "movq", "movq_decoder", 4, false)]
    [InlineData("ldmvq", "vqvae", "vae_decoder", 3, true)]
    public void Decoders_over_a_codebook(string model, string component, string exported, int channels, bool quantizes) => Same(
        Folder(model, component),
        SharedWeights.Onnx(model, exported),
        (checkpoint, config) => VQModel.BuildDecoder(checkpoint, config, quantizes),
        _ => [2, channels, 8, 10]);

    [SharedWeightsTheory("unclip/prior")]
    [InlineData("unclip")]
    [InlineData("kandinsky22/prior_pipeline")]
    public void Priors(string model) => Same(
        Folder(model, "prior"),
        SharedWeights.Onnx(model, "prior"),
        PriorTransformer.Build,
        name => name switch
        {
            "timestep" => [],
            "encoder_hidden_states" => [2, 77, 32],
            "attention_mask" => [2, 77],
            _ => [2, 32],
        });

    [SharedWeightsTheory("unclip/text_proj")]
    [InlineData("text_proj", true)]
    [InlineData("text_proj_unguided", false)]
    public void UnCLIPs_projection(string exported, bool isGuided) => Same(
        Folder("unclip", "text_proj"),
        SharedWeights.Onnx("unclip", exported),
        (checkpoint, config) => UnCLIPTextProjModel.Build(checkpoint, config, isGuided),
        name => name switch
        {
            "image_embeddings" => [2, 32],
            "prompt_embeds" => [isGuided ? 4 : 2, 32],
            _ => [isGuided ? 4 : 2, 77, 32],
        });

    [SharedWeightsTheory("kandinsky22/prior_pipeline/image_encoder")]
    [InlineData("kandinsky22/prior_pipeline")]
    public void Clip_of_pictures(string model) => Same(
        Folder(model, "image_encoder"),
        SharedWeights.Onnx(model, "image_encoder"),
        ClipVisionModel.Build,
        _ => [2, 3, 28, 28]);

    private static void SameFlux(string model) => Same(
        Folder(model, "transformer"),
        SharedWeights.Onnx(model, "transformer"),
        FluxTransformer2DModel.Build,
        name => name switch
        {
            "hidden_states" => [2, 12, 64],
            "encoder_hidden_states" => [2, 20, 32],
            "pooled_projections" => [2, 32],
            "txt_ids" => [20, 3],
            "img_ids" => [12, 3],
            _ => [2],
        },
        largestId: 16,
        time: 0.431f,
        tolerance: FluxTolerance);

    private static void Same(
        string folder,
        string exported,
        Func<Checkpoint, NetworkConfig, ModelSource> build,
        Func<string, int[]> shape,
        int largestId = 1000,
        float time = 431,
        double tolerance = Tolerance)
    {
        string name = Path.GetFileName(Directory.GetFiles(folder, "*.safetensors")[0]).Split('.', '-')[0];
        ModelSource ours = build(Checkpoint.Open(folder, name, null), NetworkConfig.Load(folder));

        Assert.InRange(GraphComparison.Difference(ours, exported, shape, largestId, time), 0, tolerance);
    }

    private static string Folder(string model, string component) => SharedWeights.Find(Path.Combine(model, component))!;
}
