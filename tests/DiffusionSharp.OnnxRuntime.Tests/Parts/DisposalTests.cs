using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>A disposed part says so, and can be disposed again.</summary>
public class DisposalTests
{
    private static readonly LatentSpace Space = new() { Channels = 4, DownsamplingFactor = 2 };

    [Fact]
    public void A_predictor_starts_nothing_afterwards()
    {
        OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32");
        predictor.Dispose();
        predictor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.Start(Plans.WithContext()));
    }

    [Fact]
    public void A_run_predicts_nothing_after_its_predictor()
    {
        OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32");
        using IPredictionRun run = predictor.Start(Plans.WithContext());
        run.Predict(1);
        predictor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => run.Predict(1));
    }

    [Fact]
    public void A_run_predicts_nothing_after_itself()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32");
        IPredictionRun run = predictor.Start(Plans.WithContext());
        run.Dispose();
        run.Dispose();
        Assert.Throws<ObjectDisposedException>(() => run.Predict(1));
    }

    [Fact]
    public void A_text_encoder_encodes_nothing_afterwards()
    {
        var encoder = new OnnxTextEncoder(Fixture.Path("text-encoders/int64.onnx"), new LetterTokenizer());
        encoder.Dispose();
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(["red"]));
    }

    [Fact]
    public void A_decoder_decodes_nothing_afterwards()
    {
        var decoder = new OnnxLatentDecoder(Fixture.Path("decoders/float32.onnx"), Space);
        decoder.Dispose();
        decoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => decoder.Decode(Values.Tensor(0, 1, 4, 2, 2)));
    }

    [Fact]
    public void An_encoder_encodes_nothing_afterwards()
    {
        var encoder = new OnnxLatentEncoder(Fixture.Path("encoders/sample-float32.onnx"), Space);
        encoder.Dispose();
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(Values.Tensor(0, 1, 3, 4, 4), new TorchCpuNoise(0UL)));
    }
}
