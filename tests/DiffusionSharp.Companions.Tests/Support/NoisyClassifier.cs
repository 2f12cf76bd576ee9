using System.Numerics.Tensors;
using System.Text.Json;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>The companion that says what noisy pictures show, and which way the probability of a label rises.</summary>
internal sealed class NoisyClassifier : IClassifier, IDisposable
{
    public const int Side = 32;
    private const int PictureLength = 3 * Side * Side;

    private readonly InferenceSession _session;
    private readonly string[] _classes;

    public NoisyClassifier()
    {
        _session = new InferenceSession(Companion.PathOf("emoji-classifier", "model.onnx"));
        JsonElement config = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Companion.PathOf("emoji-classifier", "config.json")));
        _classes = [.. config.GetProperty("classes").EnumerateArray().Select(name => name.GetString()!)];
    }

    public IReadOnlyList<string> Classes => _classes;

    /// <summary>The logits [B, classes] of samples [B, 3, 32, 32], and the gradient [B, 3, 32, 32] of each one's log p(label | sample).</summary>
    public (float[] Logits, float[] Gradient) Run(ReadOnlySpan<float> samples, ReadOnlySpan<float> timesteps, ReadOnlySpan<long> labels)
    {
        using var sample = OrtValue.CreateTensorValueFromMemory(samples.ToArray(), [labels.Length, 3, Side, Side]);
        using var timestep = OrtValue.CreateTensorValueFromMemory(timesteps.ToArray(), [labels.Length]);
        using var label = OrtValue.CreateTensorValueFromMemory(labels.ToArray(), [labels.Length]);
        var inputs = new Dictionary<string, OrtValue> { ["sample"] = sample, ["timestep"] = timestep, ["class_labels"] = label };
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, inputs, ["logits", "gradient"]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorDataAsSpan<float>().ToArray());
    }

    /// <summary>The gradients of all samples of a batch at one timestep, for one label.</summary>
    public float[] Gradient(ReadOnlySpan<float> samples, double timestep, long label)
    {
        int count = samples.Length / PictureLength;
        return Run(samples, Filled((float)timestep, count), Filled(label, count)).Gradient;
    }

    public IClassifierRun Start(GuidancePlan plan) => new Gradients(this, plan.Request.Part<WantedGroup>()!.Label);

    /// <summary>log p(label | sample) of one sample.</summary>
    public double LogProbability(ReadOnlySpan<float> sample, double timestep, long label)
    {
        double[] logits = Array.ConvertAll(Run(sample, [(float)timestep], [label]).Logits, logit => (double)logit);
        double largest = logits.Max();
        return logits[label] - largest - Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
    }

    /// <summary>The most probable label of one sample.</summary>
    public long Classify(ReadOnlySpan<float> sample, double timestep) => TensorPrimitives.IndexOfMax<float>(Run(sample, [(float)timestep], [0]).Logits);

    public void Dispose() => _session.Dispose();

    /// <summary>What the classifier shall see, where the network is not told.</summary>
    public sealed record WantedGroup(long Label) : IRequestPart;

    private sealed class Gradients(NoisyClassifier classifier, long label) : IClassifierRun
    {
        public void Gradient(ReadOnlySpan<float> input, in StepPoint at, Span<float> gradient) => classifier.Gradient(input, at.Level.Timestep, label).CopyTo(gradient);

        public void Dispose()
        {
        }
    }

    private static T[] Filled<T>(T value, int count)
    {
        var values = new T[count];
        Array.Fill(values, value);
        return values;
    }
}
