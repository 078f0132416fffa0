
if [ "$failures" -gt 0 ]; then
  echo "$failures answers or values are not as documented"
  exit 1
fi
echo "all answers are as documented"
