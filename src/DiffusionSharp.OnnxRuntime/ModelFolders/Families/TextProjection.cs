using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The graph of unCLIP's projection: embeddings of pictures, and embeddings and tokens of prompts, to tokens and vectors for the decoder.</summary>
internal sealed class TextProjection : IDisposable
{
    private static readonly string[] Outputs = ["text_encoder_hidden_states_out", "additive_clip_time_embeddings"];

    private readonly OnnxSession _session;
    private readonly OnnxTensorInfo[] _inputs;

    public TextProjection(ModelSource source, OnnxOptions? options, CancellationToken cancellationToken)
    {
        _session = OnnxSession.Load(source, options, cancellationToken);
        try
        {
            _inputs = [_session.RequireInput("image_embeddings"), _session.RequireInput("prompt_embeds"), _session.RequireInput("text_encoder_hidden_states")];
            Length = _inputs[0].Fixed(1) ?? throw new ModelFormatException(source.Name, "the input 'image_embeddings' has an open length, so that of embeddings is unknown.");
            Array.ForEach(Outputs, name => _session.RequireOutput(name));
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>How many numbers the embedding of a picture has.</summary>
    public int Length { get; }

    /// <summary>Context and class labels of the decoder, a row for each of the prompts.</summary>
    public Conditioning Run(Tensor<float> embeddings, Conditioning texts, CancellationToken cancellationToken)
    {
        Tensor<float>[] values = [embeddings, texts[ConditionNames.Pooled]!.Values, texts[ConditionNames.Context]!.Values];
        var buffers = new ModelBuffer[values.Length];
        try
        {
            for (int i = 0; i < values.Length; i++)
            {
                buffers[i] = new ModelBuffer(_inputs[i], _session.Path, Array.ConvertAll(values[i].Lengths.ToArray(), length => (long)length));
                values[i].Values().CopyTo(buffers[i].Floats);
                buffers[i].Upload();
            }

            using SessionLease session = _session.Acquire(cancellationToken);
            using var results = session.Run([.. _inputs.Select(input => input.Name)], [.. buffers.Select(buffer => buffer.Value)], Outputs, cancellationToken);
            int rows = (int)values[1].Lengths[0];
            return Conditioning.None
                .With(ConditionNames.Context, ModelOutput.Read(results[0], _session.Path, Outputs[0], rows))
                .With(ConditionNames.ClassLabels, ModelOutput.Read(results[1], _session.Path, Outputs[1], rows));
        }
        finally
        {
            Array.ForEach(buffers, buffer => buffer?.Dispose());
        }
    }

    public void Dispose() => _session.Dispose();
}
