using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>Pictures as prompts: the fixture's encoder gives the mean of each channel, its UNet adds scale · mean(tokens).</summary>
public sealed class OnnxImagePromptTests : IDisposable
{
    private readonly OnnxNoisePredictor _unet = Fixture.Predictor("image-prompts");
    private readonly OnnxImagePromptConditions _conditions;

    public OnnxImagePromptTests() => _conditions = new OnnxImagePromptConditions(new OnnxImageEncoder(Fixture.Path("image-encoders/means.onnx")), _unet);

    [Fact]
    public void A_picture_of_one_color_is_that_color_normalized_as_clip_does()
    {
        using var encoder = new OnnxImageEncoder(Fixture.Path("image-encoders/means.onnx"));
        float[] encoded = [.. encoder.Encode(Plain(0.2f, 7, 9))];
        double[] expected = [(0.6 - 0.48145466) / 0.26862954, (0.6 - 0.4578275) / 0.26130258, (0.6 - 0.40821073) / 0.27577711];
        Assertions.Near(expected, encoded, 1e-5);
    }

    [Fact]
    public void A_configuration_beside_the_model_says_how_pictures_are_normalized()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Copy("image-encoders/means.onnx", "image_encoder/model.onnx");
        folder.Write("feature_extractor/preprocessor_config.json", """{ "size": { "shortest_edge": 6 }, "crop_size": { "height": 4, "width": 4 }, "image_mean": [0.5, 0, 1], "image_std": [0.5, 1, 2] }""");
        using var encoder = new OnnxImageEncoder(path);
        Assertions.Near([0.2, 0.6, -0.2], [.. encoder.Encode(Plain(0.2f, 7, 9))], 1e-6);
    }

    [Theory]
    [InlineData("""{ "size": 8, "do_center_crop": false }""", "do_center_crop")]
    [InlineData("""{ "size": 4, "resample": 2 }""", "resample")]
    [InlineData("""{ "crop_size": 4 }""", "'size'")]
    [InlineData("""{ "size": 8 }""", "4 pixels a side")]
    [InlineData("""{ "size": 4, "crop_size": 8 }""", "'crop_size'")]
    [InlineData("""{ "size": 4, "image_std": [1, 0, 1] }""", "image_std")]
    public void A_configuration_that_asks_for_something_else_is_refused_by_name(string config, string named)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Copy("image-encoders/means.onnx", "model.onnx");
        folder.Write("preprocessor_config.json", config);
        Assert.Throws<ModelFormatException>(() => new OnnxImageEncoder(path)).Says("preprocessor_config.json", named);
    }

    // The fixture has two layers; the state before the last one is behind the first.
    [Fact]
    public void The_parts_of_a_picture_come_from_the_layer_before_the_last()
    {
        using var encoder = new OnnxImageEncoder(Fixture.Path("image-encoders/layers.onnx"), givesStates: true);
        Tensor<float> picture = Values.Tensor(5, 1, 3, 4, 4);
        (double Mean, double Deviation)[] colors = [(0.48145466, 0.26862954), (0.4578275, 0.26130258), (0.40821073, 0.27577711)];
        double[] expected = [.. Enumerable.Range(0, 16).SelectMany(point => TransformerFormula.Through([.. colors.Select((color, c) => (((picture.Values()[(16 * c) + point] + 1) / 2) - color.Mean) / color.Deviation)], 1))];
        Tensor<float> states = encoder.Encode(picture);
        Assert.Equal([1, 16, 3], states.Lengths);
        Assertions.Near(expected, states.Values(), 1e-5);
    }

    [Fact]
    public void An_encoder_gives_what_the_UNet_takes()
    {
        using OnnxNoisePredictor takesStates = Fixture.Predictor("image-states");
        using var vectors = new OnnxImageEncoder(Fixture.Path("image-encoders/layers.onnx"));
        using var states = new OnnxImageEncoder(Fixture.Path("image-encoders/layers.onnx"), givesStates: true);
        Assert.Throws<ModelFormatException>(() => new OnnxImagePromptConditions(vectors, takesStates)).Says("image_embeds", "givesStates: true");
        Assert.Throws<ModelFormatException>(() => new OnnxImagePromptConditions(states, _unet)).Says("givesStates: false");
        Assert.Throws<ModelFormatException>(() => new OnnxImageEncoder(Fixture.Path("image-encoders/means.onnx"), givesStates: true)).Says("means.onnx", "hidden_states.0");
    }

    [Fact]
    public void Requests_without_pictures_or_with_bad_ones_are_refused_by_name()
    {
        Check(new TextToImageRequest("red")).Says("ImagePrompts", "Scale");
        Check(With(new ImagePrompts())).Says("no picture");
        Check(With(new ImagePrompts(Values.Tensor(0, 1, 4, 8, 8)))).Says("Image prompt 0", "[1, 4, 8, 8]");
        Check(With(new ImagePrompts(Plain(0, 4, 4), Values.Tensor(0, 3, 3, 8, 8)))).Says("Image prompt 1", "[3, 3, 8, 8]");
        Check(With(new ImagePrompts(Plain(float.NaN, 4, 4)))).Says("finite");
        Check(With(new ImagePrompts(Plain(0, 4, 4)) { Scale = double.NaN })).Says("Scale");
        _conditions.Check(With(new ImagePrompts(Plain(0, 4, 4), Plain(1, 8, 4))));

        ArgumentException Check(GenerationRequest request) => Assert.Throws<ArgumentException>(() => _conditions.Check(request));
    }

    [Fact]
    public void A_UNet_without_inputs_for_pictures_is_refused()
    {
        using OnnxNoisePredictor plain = Fixture.Predictor("optimum-float32");
        using var encoder = new OnnxImageEncoder(Fixture.Path("image-encoders/means.onnx"));
        Assert.Throws<ModelFormatException>(() => new OnnxImagePromptConditions(encoder, plain)).Says("image_embeds");
    }

    public void Dispose()
    {
        _conditions.Dispose();
        _unet.Dispose();
    }

    private static TextToImageRequest With(IRequestPart part) => new TextToImageRequest("red") { Parts = [part] };

    private static Tensor<float> Plain(float value, int height, int width) => Tensor.Create([.. Enumerable.Repeat(value, 3 * height * width)], [1, 3, height, width]);
}
