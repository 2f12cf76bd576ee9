using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DiffusionSharp.AspNetCore;

/// <summary>The fields of a request, from JSON or a form. Null and empty are absent; what is wrong or asked for by nobody is an error that names the field.</summary>
internal sealed class RequestFields
{
    private readonly Dictionary<string, FieldValue> _unread;

    private RequestFields(Dictionary<string, FieldValue> fields) => _unread = fields;

    /// <summary>Reads a body of JSON.</summary>
    public static async Task<RequestFields> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using JsonDocument document = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false }, cancellationToken).ConfigureAwait(false);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "The body must be a JSON object.") { Code = "invalid_json" };
        }

        var fields = new Dictionary<string, FieldValue>(StringComparer.Ordinal);
        foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
        {
            fields.Add(property.Name, new FieldValue(property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText(), property.Value.ValueKind));
        }

        return new RequestFields(fields);
    }

    /// <summary>Takes the fields of a form that are no files.</summary>
    public static RequestFields Of(IFormCollection form)
    {
        var fields = new Dictionary<string, FieldValue>(StringComparer.Ordinal);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in form)
        {
            fields.Add(name, values.Count == 1 ? new FieldValue(values.ToString(), JsonValueKind.Undefined) : throw ApiException.Invalid(name, $"The field '{name}' is there {values.Count} times."));
        }

        return new RequestFields(fields);
    }

    /// <summary>A text, not blank; null where absent.</summary>
    public string? Text(string name, int maxLength)
    {
        if (!TryTake(name, out FieldValue value))
        {
            return null;
        }

        Require(name, "a string", value, value.CanBe(JsonValueKind.String));
        return value.Text.Length > maxLength
            ? throw ApiException.Invalid(name, $"The field '{name}' has {value.Text.Length} characters, but at most {maxLength} are allowed.", "string_above_max_length")
            : string.IsNullOrWhiteSpace(value.Text) ? throw ApiException.Invalid(name, $"The field '{name}' is blank.") : value.Text;
    }

    /// <summary>A whole number in a range; null where absent.</summary>
    public long? Integer(string name, long least, long most)
    {
        if (!TryTake(name, out FieldValue value))
        {
            return null;
        }

        long number = 0;
        Require(name, "an integer", value, value.CanBe(JsonValueKind.Number) && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number));
        return number < least
            ? throw ApiException.Invalid(name, $"The field '{name}' is {number}, but must be at least {least}.", "integer_below_min_value")
            : number > most ? throw ApiException.Invalid(name, $"The field '{name}' is {number}, but must be at most {most}.", "integer_above_max_value") : number;
    }

    /// <summary>A finite number; null where absent. Its range is the pipeline's to say.</summary>
    public double? Number(string name)
    {
        if (!TryTake(name, out FieldValue value))
        {
            return null;
        }

        double number = 0;
        Require(name, "a number", value, value.CanBe(JsonValueKind.Number) && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number));
        return number;
    }

    /// <summary>Yes or no; no where absent.</summary>
    public bool Flag(string name)
    {
        if (!TryTake(name, out FieldValue value))
        {
            return false;
        }

        bool flag = false;
        Require(name, "a boolean", value, value.CanBe(JsonValueKind.True, JsonValueKind.False) && bool.TryParse(value.Text, out flag));
        return flag;
    }

    /// <summary>One of several words; null where absent.</summary>
    public string? Choice(string name, params ReadOnlySpan<string> words)
    {
        if (!TryTake(name, out FieldValue value))
        {
            return null;
        }

        Require(name, "a string", value, value.CanBe(JsonValueKind.String));
        return words.Contains(value.Text) ? value.Text : throw ApiException.Invalid(name, $"The field '{name}' is '{value.Text}', but must be one of '{string.Join("', '", words)}'.");
    }

    /// <summary>Throws where there is a field that nobody has asked for.</summary>
    public void RequireAllRead()
    {
        if (_unread.Keys.FirstOrDefault() is { } name)
        {
            throw ApiException.Invalid(name, $"The field '{name}' is unknown.", "unknown_parameter");
        }
    }

    private static void Require(string name, string kind, FieldValue value, bool isRight)
    {
        if (!isRight)
        {
            throw ApiException.Invalid(name, $"The field '{name}' must be {kind}, but is {value.Describe()}.", "invalid_type");
        }
    }

    // A form sends what was left empty, too.
    private bool TryTake(string name, out FieldValue value) =>
        _unread.Remove(name, out value) && !(value.Kind == JsonValueKind.Undefined && value.Text.Length == 0);
}
