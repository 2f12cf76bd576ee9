using System.Numerics.Tensors;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples;

/// <summary>
/// A model of the variance-preserving process seen as a model of another one, so that samplers for flow-matching and EDM models can be shown
/// with it. All three add Gaussian noise, <c>x = a·x_0 + b·ε</c>: what differs is how x is scaled, how the noise level is told, and what
/// is predicted. At a level noisier than the model knows it is asked at its noisiest.
/// </summary>
internal sealed class ProcessAdapter : INoisePredictor
{
    private readonly INoisePredictor _model;
    private readonly double[] _sigmas;
    private readonly Func<double, Translation> _translate;

    private ProcessAdapter(INoisePredictor model, NoiseSchedule schedule, Func<double, Translation> translate)
    {
        _model = model;
        _sigmas = Array.ConvertAll(schedule.AlphaBar.ToArray(), alphaBar => Math.Sqrt((1 - (double)alphaBar) / alphaBar));
        _translate = translate;
    }

    public int SizeMultiple => _model.SizeMultiple;

    /// <summary>As a flow-matching model: <c>x = (1-σ)·x_0 + σ·ε</c> at the timestep 1000·σ, of which <c>ε - x_0</c> is predicted.</summary>
    public static ProcessAdapter Flow(INoisePredictor model, NoiseSchedule schedule) => new(model, schedule, timestep =>
    {
        double sigma = timestep / 1000;
        return new Translation(InputScale: 1, Signal: 1 - sigma, Noise: sigma, FromNoise: 1, FromOriginal: -1, FromSample: 0);
    });

    /// <summary>As an EDM model (arXiv:2206.00364, table 1): <c>c_in·(x_0 + σ·ε)</c> at log(σ)/4, of which <c>(x_0 - c_skip·x)/c_out</c> is predicted.</summary>
    public static ProcessAdapter Edm(INoisePredictor model, NoiseSchedule schedule, double sigmaData = 0.5) => new(model, schedule, timestep =>
    {
        double sigma = Math.Exp(4 * timestep);
        double variance = (sigma * sigma) + (sigmaData * sigmaData);
        double skip = sigmaData * sigmaData / variance;
        double output = sigma * sigmaData / Math.Sqrt(variance);
        return new Translation(InputScale: 1 / Math.Sqrt(variance), Signal: 1, Noise: sigma, FromNoise: 0, FromOriginal: 1 / output, FromSample: -skip / output);
    });

    /// <summary>As a consistency model (arXiv:2303.01469, eq. 5): <c>(x_0 + σ·ε)/sqrt(σ² + σ_data²)</c> at 250·log σ, of which <c>(x_0 - c_skip·x)/c_out</c> is predicted.</summary>
    public static ProcessAdapter Consistency(INoisePredictor model, NoiseSchedule schedule, double sigmaMin = 0.002, double sigmaData = 0.5) => new(model, schedule, timestep =>
    {
        double sigma = Math.Exp(timestep / 250);
        double variance = (sigma * sigma) + (sigmaData * sigmaData);
        double skip = sigmaData * sigmaData / (Math.Pow(sigma - sigmaMin, 2) + (sigmaData * sigmaData));
        double output = (sigma - sigmaMin) * sigmaData / Math.Sqrt(variance);
        return new Translation(InputScale: 1 / Math.Sqrt(variance), Signal: 1, Noise: sigma, FromNoise: 0, FromOriginal: 1 / output, FromSample: -skip / output);
    });

    public IPredictionRun Start(PredictionPlan plan) => new Run(this, _model.Start(plan), plan.Shape.Length);

    private double TimestepOf(double ratio)
    {
        int above = Array.FindIndex(_sigmas, sigma => sigma >= ratio);
        return above switch
        {
            -1 => _sigmas.Length - 1,
            0 => 0,
            _ => above - 1 + (Math.Log(ratio / _sigmas[above - 1]) / Math.Log(_sigmas[above] / _sigmas[above - 1])),
        };
    }

    /// <summary>What is given is <c>InputScale·x</c> with <c>x = Signal·x_0 + Noise·ε</c>; what is wanted is <c>FromNoise·ε + FromOriginal·x_0 + FromSample·x</c>.</summary>
    private readonly record struct Translation(double InputScale, double Signal, double Noise, double FromNoise, double FromOriginal, double FromSample);

    private sealed class Run(ProcessAdapter adapter, IPredictionRun model, int length) : IPredictionRun
    {
        private readonly float[] _input = new float[length];
        private readonly float[] _sample = new float[length];
        private readonly float[] _prediction = new float[length];

        public Span<float> Sample => _input;

        public ReadOnlySpan<float> Prediction => _prediction;

        public void Predict(double timestep)
        {
            Translation t = adapter._translate(timestep);
            double ratio = Math.Min(t.Noise / t.Signal, adapter._sigmas[^1]);
            TensorPrimitives.Multiply(_input, (float)(1 / t.InputScale), _sample);

            // the same x with unit variance, and x_0 = sqrt(1 + ratio²)·x - ratio·ε of it
            double unit = Math.Sqrt((t.Signal * t.Signal) + (t.Noise * t.Noise));
            TensorPrimitives.Multiply(_sample, (float)(1 / unit), model.Sample);
            model.Predict(adapter.TimestepOf(ratio));
            float fromModel = (float)(t.FromNoise - (t.FromOriginal * ratio));
            float fromSample = (float)(t.FromSample + (t.FromOriginal * Math.Sqrt(1 + (ratio * ratio)) / unit));
            TensorPrimitives.Multiply(_sample, fromSample, _prediction);
            TensorPrimitives.MultiplyAdd(model.Prediction, fromModel, _prediction, _prediction);
        }

        public void Dispose() => model.Dispose();
    }
}
