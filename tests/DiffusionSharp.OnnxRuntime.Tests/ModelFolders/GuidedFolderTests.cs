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

    [Fact]
    public void An_image_encoder_that_the_UNet_has_no_use_for_is_left_out_and_said()
    {
        using ModelFolder folder = WithImageEncoder("optimum-float32");
        using var log = new RecordingLogger();
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { LoggerFactory = log });
        Assert.Contains(log.Lines, line => line.Contains("'image_encoder'", StringComparison.Ordinal));
        pipeline.Generate(Request());
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

    private static ModelFolder WithImageEncoder(string unet)
    {
        var folder = new ModelFolder("optimum-float32");
        folder.Copy($"predictors/{unet}.onnx", "unet/model.onnx");
        folder.Copy("image-encoders/means.onnx", "image_encoder/model.onnx");
        folder.Edit("model_index.json", index => index["image_encoder"] = new JsonArray("transformers", "CLIPVisionModelWithProjection"));
        return folder;
    }

    private static TextToImageRequest Request(params IRequestPart[] parts) => new("red") { Seed = 1, Steps = 4, Parts = parts };

    private static float[] Generate(DiffusionPipeline pipeline, params ControlPicture[] pictures) => pipeline.Generate(Request(new ControlPictures(pictures))).Latents.ToArray();
}
