using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Text;

namespace DiffusionSharp.Companions.Tests;

/// <summary>ONNX Runtime, through the library's parts where one fits, answers what PyTorch answered when the companion was exported.</summary>
public class ReferenceTests
{
    public static TheoryData<string> Models => [.. Companion.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_answers_as_in_PyTorch(string model)
    {
        string path = Path.Combine(Companion.Root, model);
        var reference = PyTorchAnswer.Beside(path);
        if (reference.HasOutput("out_sample"))
        {
            reference.AssertEqual("out_sample", Predict(path, reference, "sample"));
        }
        else if (reference.HasOutput("predicted_image_embedding"))
        {
            reference.AssertEqual("predicted_image_embedding", Predict(path, reference, "hidden_states"));
        }
        else if (reference.HasOutput("image_embeds"))
        {
            using var encoder = new OnnxImageEncoder(path);
            reference.AssertEqual("image_embeds", encoder.Encode(reference.Noise("pixel_values")).Values());
        }
        else if (reference.HasInput("input_ids"))
        {
            Conditioning encoded = EncodeText(path, reference);
            reference.AssertEqual("last_hidden_state", encoded[ConditionNames.Context]!.Values.Values());
            if (reference.HasOutput("text_embeds"))
            {
                reference.AssertEqual("text_embeds", encoded[ConditionNames.Pooled]!.Values.Values());
            }
        }
        else if (reference.HasOutput("latent_sample"))
        {
            reference.AssertEqual("latent_sample", Encode(path, reference.Noise("sample")));
        }
        else if (reference.HasInput("latent_sample") && reference.HasInput("class_labels"))
        {
            reference.AssertEqual("sample", Generate(path, reference));
        }
        else if (reference.HasInput("latent_sample"))
        {
            reference.AssertEqual("sample", Decode(path, reference.Noise("latent_sample")));
        }
        else
        {
            (float[] logits, float[] gradient) = Classify(reference);
            reference.AssertEqual("logits", logits);
            reference.AssertEqual("gradient", gradient);
        }
    }

    // Each row at a timestep of its own. What a network takes more channels of than it gives back is concatenated with the sample.
    private static float[] Predict(string path, PyTorchAnswer reference, string sample)
    {
        using var predictor = new OnnxNoisePredictor(path);
        Tensor<float> input = reference.Noise(sample);

        // A sample without height and width is one of embeddings.
        int side = input.Rank == 2 ? 1 : (int)input.Lengths[2];
        (int batch, int inputs) = ((int)input.Lengths[0], (int)input.Lengths[1]);
        input = input.Reshape([batch, inputs, side, side]);
        var shape = new SampleShape(batch, Math.Min(inputs, (int)reference.OutputShape(side == 1 ? "predicted_image_embedding" : "out_sample")[1]), side, side);
        Conditioning conditioning = inputs > shape.Channels ? Conditioning.Of((ConditionNames.Concatenated, Channels(input, shape.Channels..))) : Conditioning.None;
        if (reference.HasInput("encoder_hidden_states"))
        {
            conditioning = conditioning.With(ConditionNames.Context, reference.Noise("encoder_hidden_states"));
        }

        foreach (string embedding in new[] { "image_embeds", "proj_embedding" }.Where(reference.HasInput))
        {
            conditioning = conditioning.With(ConditionNames.Pooled, reference.Noise(embedding));
        }

        if (reference.HasInput("attention_mask"))
        {
            conditioning = conditioning.With(ConditionNames.ContextMask, Rows(reference.Values("attention_mask"), batch));
        }

        if (reference.HasInput("class_labels"))
        {
            conditioning = conditioning.With(ConditionNames.ClassLabels, Tensor.Create(Array.ConvertAll(reference.Values("class_labels"), label => (float)label), [batch]));
        }

        using IRowwiseRun run = predictor.StartRows(new PredictionPlan(shape, conditioning));
        Channels(input, ..shape.Channels).Values().CopyTo(run.Sample);
        run.Predict(reference.Values("timestep"));
        return run.Prediction.ToArray();
    }

    private static Conditioning EncodeText(string path, PyTorchAnswer reference)
    {
        using var encoder = new OnnxTextEncoder(path, TokenizerFolder.Load(Path.Combine(Path.GetDirectoryName(path)!, "..", "tokenizer")));
        int length = (int)reference.OutputShape("last_hidden_state")[1];
        int[] ids = Array.ConvertAll(reference.Values("input_ids"), id => (int)id);
        bool[][]? attended = reference.HasInput("attention_mask") ? [.. Array.ConvertAll(reference.Values("attention_mask"), value => value != 0).Chunk(length)] : null;
        return encoder.EncodeTokens([.. ids.Chunk(length).Select((row, i) => new TokenChunk(row) { Attended = attended?[i] })], new TextEncodingOptions(), CancellationToken.None);
    }

    // Latents are scaled in the library, and not in the graph.
    private static float[] Encode(string path, Tensor<float> pictures)
    {
        using var encoder = new OnnxLatentEncoder(path);
        int length = (int)(pictures.FlattenedLength / pictures.Lengths[0]);
        var latents = new List<float>();
        for (int i = 0; i < pictures.Lengths[0]; i++)
        {
            Tensor<float> picture = Tensor.Create(pictures.Values().Slice(i * length, length).ToArray(), [1, .. pictures.Lengths[1..]]);
            latents.AddRange(encoder.Encode(picture, new TorchCpuNoise(0UL)).Values());
        }

        return [.. latents.Select(value => value / encoder.LatentSpace.Scale)];
    }

    private static float[] Decode(string path, Tensor<float> latents)
    {
        using var decoder = new OnnxLatentDecoder(path);
        return decoder.Decode(Tensor.Multiply(latents, decoder.LatentSpace.Scale)).Values().ToArray();
    }

    private static float[] Generate(string path, PyTorchAnswer reference)
    {
        using var generator = new OnnxGenerator(path);
        float[] labels = Array.ConvertAll(reference.Values("class_labels"), label => (float)label);
        Conditioning conditioning = Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create(labels, [labels.Length])));
        return generator.Decode(reference.Noise("latent_sample"), new DecodingContext(new GenerationRequest(), conditioning)).Values().ToArray();
    }

    private static (float[] Logits, float[] Gradient) Classify(PyTorchAnswer reference)
    {
        using var classifier = new NoisyClassifier();
        return classifier.Run(
            reference.Noise("sample").Values(),
            Array.ConvertAll(reference.Values("timestep"), timestep => (float)timestep),
            Array.ConvertAll(reference.Values("class_labels"), label => (long)label));
    }

    private static Tensor<float> Rows(double[] values, int rows) => Tensor.Create(Array.ConvertAll(values, value => (float)value), [rows, values.Length / rows]);

    private static Tensor<float> Channels(Tensor<float> batch, Range channels)
    {
        (int start, int count) = channels.GetOffsetAndLength((int)batch.Lengths[1]);
        int plane = (int)(batch.Lengths[2] * batch.Lengths[3]);
        var values = new List<float>();
        for (int i = 0; i < batch.Lengths[0]; i++)
        {
            values.AddRange(batch.Values().Slice(((i * (int)batch.Lengths[1]) + start) * plane, count * plane));
        }

        return Tensor.Create([.. values], [batch.Lengths[0], count, batch.Lengths[2], batch.Lengths[3]]);
    }
}
