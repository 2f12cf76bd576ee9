using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>Folders with ControlNets, and with an image encoder.</summary>
public class GuidedFolderTests
{
    private const int Side = 16;

    private static readonly Tensor<float> Picture = Values.Tensor(3, 1, 3, Side, Side);

    [Fact]
    public void Several_ControlNets_lie_in_numbered_folders()
    {
        using ModelFolder folder = Controlled("controlnet", "controlnet_1");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.IsType<OnnxControlledPredictor>(pipeline.NoisePredictor);
        Assert.Throws<ArgumentException>(() => pipeline.Generate(Request(new ControlPictures(new ControlPicture(Picture))))).Says("2 ControlNet");
        float[] both = Generate(pipeline, new ControlPicture(Picture), new ControlPicture(Picture) { Weight = 0.5 });
        float[] first = Generate(pipeline, new ControlPicture(Picture), new ControlPicture(Picture) { Weight = 0 });
        Assert.NotEqual(first, both);
        Assert.Equal(both, Generate(pipeline, new ControlPicture(Picture) { Weight = 0.5 }, new ControlPicture(Picture)));
    }

    [Fact]
    public void ControlNets_from_elsewhere_take_the_place_of_the_folders()
    {
        using ModelFolder folder = Controlled("controlnet");
        using var elsewhere = new TemporaryFolder();
        string file = elsewhere.Copy("control-nets/unscaled.onnx", "edges/net.onnx");
        using DiffusionPipeline own = OnnxDiffusionPipeline.Load(folder.Path);
        using DiffusionPipeline other = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { ControlNets = [file, Path.GetDirectoryName(file)!] });
        Assert.NotEqual(Generate(own, new ControlPicture(Picture)), Generate(other, new ControlPicture(Picture), new ControlPicture(Picture)));
        Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { ControlNets = ["not-there"] })).Says("ControlNets", "not-there");
    }

    [Fact]
    public void Generations_that_share_calls_are_guided_as_alone()
    {
        using ModelFolder folder = Controlled("controlnet");
        using DiffusionPipeline alone = OnnxDiffusionPipeline.Load(folder.Path);
        using DiffusionPipeline shared = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { Batching = new BatchingOptions() });
        var edges = new ControlPicture(Picture) { Start = 0.3, End = 0.7, Weight = 0.8 };
        Assert.Equal(Generate(alone, edges), Generate(shared, edges));
    }

    [Fact]
    public void A_UNet_without_inputs_for_residuals_is_refused()
    {
        using var folder = new ModelFolder("optimum-float32");
        var options = new OnnxPipelineOptions { ControlNets = [Fixture.Path("control-nets/scaled.onnx")] };
        Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(folder.Path, options)).Says("down_block_additional_residuals.N");
    }

    [Fact]
    public void A_ControlNet_that_the_index_names_must_be_there()
    {
        using ModelFolder folder = Controlled();
        Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(folder.Path)).Says("controlnet", "model_index.json names 'controlnet'");
    }

    [Fact]
    public void An_image_encoder_reads_image_prompts_where_the_UNet_takes_them()
    {
        using ModelFolder folder = WithImageEncoder("image-prompts");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        float[] drawn = Generate(pipeline, 1, Picture);
        Assert.NotEqual(drawn, Generate(pipeline, 0, Picture));
        Assert.Equal(Generate(pipeline, 0, Picture), Generate(pipeline, 0, Picture, Picture));
        Assert.Throws<ArgumentException>(() => pipeline.Generate(Request())).Says("ImagePrompts");

        static float[] Generate(DiffusionPipeline pipeline, double scale, params Tensor<float>[] pictures) =>
            pipeline.Generate(Request(new ImagePrompts(pictures) { Scale = scale })).Latents.ToArray();
    }

    // As the larger IP-Adapters take pictures: the states of their parts and, without the condition, those of nothing.
    [Fact]
    public void An_image_encoder_gives_the_parts_of_pictures_where_the_UNet_takes_them()
    {
        using ModelFolder folder = WithImageEncoder("image-states", "layers");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        using var encoder = new OnnxImageEncoder(Fixture.Path("image-encoders/layers.onnx"), givesStates: true);
        Tensor<float> other = Values.Tensor(70, 1, 3, Side, Side);
        GenerationRequest byHand = Request() with
        {
            Conditioning = Tokens(encoder.Encode(Picture), encoder.Encode(other)),
            NegativeConditioning = Tokens(encoder.EncodeNothing(), encoder.EncodeNothing()),
        };
        float[] drawn = pipeline.Generate(Request(new ImagePrompts(Picture, other) { Scale = 0.5 })).Latents.ToArray();
        Assert.Equal(pipeline.Generate(byHand).Latents.ToArray(), drawn);
        Assert.NotEqual(pipeline.Generate(Request(new ImagePrompts(other, other) { Scale = 0.5 })).Latents.ToArray(), drawn);

        static Conditioning Tokens(Tensor<float> first, Tensor<float> second) => Conditioning.None
            .With("image_embeds", Tensor.Create<float>([.. first.Values(), .. second.Values()], [1, 2, 16, 3]))
            .With(new ConditionPart("ip_adapter_scale", Tensor.Create([0.5f], [1])) { IsShared = true });
    }

    [Fact]
    public void An_image_encoder_that_the_UNet_has_no_use_for_is_left_out_and_said()
    {
        using ModelFolder folder = WithImageEncoder("optimum-float32");
        using var log = new RecordingLogger();
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { LoggerFactory = log });
        Assert.Contains(log.Lines, line => line.Contains("'image_encoder'", StringComparison.Ordinal));
        pipeline.Generate(Request());
    }

    // As SDXL's class has it: UNet and net are told sizes and a pooled vector, too.
    [Fact]
    public void ControlNets_of_SDXL_are_told_sizes()
    {
        using ModelFolder folder = Controlled();
        folder.Copy("predictors/controlled-sized.onnx", "unet/model.onnx");
        folder.Copy("control-nets/sized.onnx", "controlnet/model.onnx");
        folder.Copy("text-encoders/hidden-states.onnx", "text_encoder_2/model.onnx");
        foreach (string file in Directory.GetFiles(folder.File("tokenizer")))
        {
            File.Copy(file, folder.File(Path.Combine("tokenizer_2", Path.GetFileName(file))));
        }

        folder.Edit("model_index.json", index =>
        {
            index["_class_name"] = "StableDiffusionXLControlNetPipeline";
            index["text_encoder_2"] = new JsonArray("transformers", "CLIPTextModelWithProjection");
            index["tokenizer_2"] = new JsonArray("transformers", "CLIPTokenizer");
        });
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { LeftOut = ["text_encoder"] });
        using DiffusionPipeline alone = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { LeftOut = ["text_encoder", "controlnet"] });

        // In one step: the UNet adds 1/256 of the mean of the sizes, and the net to its first residual the same once more.
        var sized = new PictureSizes { OriginalHeight = 1024 };
        var unweighted = new ControlPictures(new ControlPicture(Picture) { Weight = 0 });
        var weighted = new ControlPictures(new ControlPicture(Picture));
        Assert.Equal(Draw(alone), Draw(pipeline, unweighted));
        double own = Mean(Draw(alone, sized)) - Mean(Draw(alone));
        Assert.NotEqual(0, own, 1e-3);
        Assert.Equal(own, Mean(Draw(pipeline, sized, unweighted)) - Mean(Draw(pipeline, unweighted)), 1e-3 * Math.Abs(own));
        Assert.Equal(2 * own, Mean(Draw(pipeline, sized, weighted)) - Mean(Draw(pipeline, weighted)), 1e-3 * Math.Abs(own));

        static float[] Draw(DiffusionPipeline pipeline, params IRequestPart[] parts) => pipeline.Generate(Request(parts) with { Steps = 1 }).Latents.ToArray();

        static double Mean(float[] values) => values.Average(value => (double)value);
    }

    [Fact]
    public void A_UNet_without_its_ControlNets_predicts_as_if_they_had_no_weight()
    {
        using ModelFolder folder = Controlled("controlnet");
        using DiffusionPipeline controlled = OnnxDiffusionPipeline.Load(folder.Path);
        using DiffusionPipeline alone = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { LeftOut = ["controlnet"] });
        Assert.Equal(Generate(controlled, new ControlPicture(Picture) { Weight = 0 }), alone.Generate(Request()).Latents.ToArray());
        Assert.Throws<ArgumentException>(() => Generate(alone, new ControlPicture(Picture))).Says("ControlPictures", "control_picture.0");
    }

    private static ModelFolder Controlled(params string[] nets)
    {
        var folder = new ModelFolder("optimum-float32");
        folder.Copy("predictors/controlled.onnx", "unet/model.onnx");
        folder.Edit("model_index.json", index =>
        {
            index["_class_name"] = "StableDiffusionControlNetPipeline";
            index["controlnet"] = new JsonArray("diffusers", "MultiControlNetModel");
        });
        foreach (string net in nets)
        {
            folder.Copy("control-nets/scaled.onnx", $"{net}/model.onnx");
        }

        return folder;
    }

    private static ModelFolder WithImageEncoder(string unet, string encoder = "means")
    {
        var folder = new ModelFolder("optimum-float32");
        folder.Copy($"predictors/{unet}.onnx", "unet/model.onnx");
        folder.Copy($"image-encoders/{encoder}.onnx", "image_encoder/model.onnx");
        folder.Edit("model_index.json", index => index["image_encoder"] = new JsonArray("transformers", "CLIPVisionModelWithProjection"));
        return folder;
    }

    private static TextToImageRequest Request(params IRequestPart[] parts) => new("red") { Seed = 1, Steps = 4, Parts = parts };

    private static float[] Generate(DiffusionPipeline pipeline, params ControlPicture[] pictures) => pipeline.Generate(Request(new ControlPictures(pictures))).Latents.ToArray();
}
