using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Sessions;

/// <summary>A model file that is missing, damaged or something else is a <see cref="ModelFormatException"/> that names it.</summary>
public class ModelFileErrorTests
{
    private static readonly Dictionary<string, Func<string, IDisposable>> Loaders = new()
    {
        ["noise predictor"] = path => new OnnxNoisePredictor(path),
        ["text encoder"] = path => new OnnxTextEncoder(path, new LetterTokenizer()),
        ["latent decoder"] = path => new OnnxLatentDecoder(path, new LatentSpace()),
        ["latent encoder"] = path => new OnnxLatentEncoder(path, new LatentSpace()),
    };

    public static TheoryData<string> Parts => [.. Loaders.Keys];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_missing_file_is_named(string part)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("absent.onnx");
        ModelFormatException error = Refused(part, path);
        error.Says(path, "missing");
        Assert.Equal(path, error.Path);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_truncated_file_is_named(string part)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Copy("predictors/optimum-float32.onnx", "model.onnx");
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Refused(part, path).Says(path, "cannot load");
    }

    [Theory]
    [InlineData("")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")]
    public void An_empty_file_or_a_text_is_named(string content)
    {
        using var folder = new TemporaryFolder();
        foreach (string part in Loaders.Keys)
        {
            Refused(part, folder.Write("model.onnx", content)).Says("model.onnx", "cannot load");
        }
    }

    [Fact]
    public void Missing_weights_are_named()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Copy("folders/optimum-float32/unet/model.onnx", "model.onnx");
        Refused("noise predictor", path).Says(path, "model.onnx_data");
    }

    [Theory]
    [InlineData("noise predictor", "'sample'")]
    [InlineData("text encoder", "'input_ids'")]
    [InlineData("latent decoder", "'latent_sample' or 'latents'")]
    [InlineData("latent encoder", "'sample'")]
    public void A_model_without_the_input_is_refused_with_the_inputs_that_it_has(string part, string expected) =>
        Refused(part, Fixture.Path("wrong-names.onnx")).Says("wrong-names.onnx", $"expected an input named {expected}", "found 'pixels', 'time'");

    [Theory]
    [InlineData("noise predictor", "'out_sample' or 'noise_pred'")]
    [InlineData("text encoder", "'last_hidden_state'")]
    [InlineData("latent decoder", "'sample' or 'image'")]
    [InlineData("latent encoder", "'latent_parameters' or 'latent_sample'")]
    public void A_model_without_the_output_is_refused_with_the_outputs_that_it_has(string part, string expected) =>
        Refused(part, Fixture.Path("right-inputs-wrong-output.onnx")).Says("right-inputs-wrong-output.onnx", $"expected an output named {expected}", "found 'result'");

    [Theory]
    [InlineData("rank-3-sample", "'sample' must have rank 4, found 3")]
    [InlineData("rank-2-timestep", "'timestep' must be a scalar or a vector, found rank 2")]
    public void A_noise_predictor_of_other_ranks_is_refused(string model, string said) =>
        Refused("noise predictor", Fixture.Path($"predictors/{model}.onnx")).Says(said);

    [Fact]
    public void An_element_type_that_is_not_known_is_refused_with_those_that_are()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("byte-input");
        var plan = new PredictionPlan(Plans.Shape(1), Conditioning.Of(("flag", Values.Tensor(0, 1))));
        Assert.Throws<ModelFormatException>(() => predictor.Start(plan)).Says("byte-input.onnx", "'flag'", "UInt8", "float32, float16, bfloat16, float64, int64, int32 and bool");
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_path_is_needed(string part) => Assert.ThrowsAny<ArgumentException>(() => Loaders[part](""));

    private static ModelFormatException Refused(string part, string path) => Assert.Throws<ModelFormatException>(() => Loaders[part](path));
}
